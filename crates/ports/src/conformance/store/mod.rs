//! What every store must do.
//!
//! [`all`] runs the whole suite; each check of [`checks`] can be run alone, and
//! [`for_each_store_check!`](crate::for_each_store_check) makes a test of each. A check needs a store that is empty, has a
//! sealing key, and has no other user. It needs no particular async runtime.
//!
//! What a check says stays true within a major version. A minor version may add checks for promises that the port made
//! already.

pub mod checks;
mod listed;
mod location_fixture;
mod rows;
mod store_fixture;

pub use self::listed::all;
pub use super::Violation;
