//! What every store has to do.
//!
//! [`all`] runs the whole suite; each check of [`checks`] can be run alone, and
//! [`for_each_store_check!`](crate::for_each_store_check) makes a test of each. A check wants a store that is empty,
//! that has a sealing key, and that nobody else uses. It needs no particular async runtime.
//!
//! What a check says stays true within a major version; a minor version may add checks for promises that the port
//! made already.

mod all;
pub mod checks;
mod deciding;
mod rows;
mod store_fixture;
mod talking;

pub use super::Violation;
pub use all::all;
