//! What every client of Apple's service has to do where licenses are assigned.
//!
//! Write an [`AssignmentServiceFixture`] for an Apple that you can prepare, with your client before it. [`all`] runs
//! the whole suite on it; each check of [`checks`] can be run alone, and
//! [`for_each_assignment_service_check!`](crate::for_each_assignment_service_check) makes a test of each. A check wants
//! a fresh fixture. It needs no particular async runtime.
//!
//! What a check says stays true within a major version; a minor version may add checks for promises that the port
//! made already.

mod check_run;
pub mod checks;
mod fixture;

pub use check_run::all;
pub use fixture::{AssignmentServiceFixture, FixtureAccess, FixtureLicenses};

pub use super::{FixtureFuture, Violation};
