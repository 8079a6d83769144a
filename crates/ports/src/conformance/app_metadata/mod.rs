//! What every lookup of apps in the store has to do.
//!
//! Write an [`AppMetadataFixture`] for a store that you can prepare, with your implementation before it. [`all`] runs
//! the whole suite on it; each check of [`checks`] can be run alone, and
//! [`for_each_app_metadata_check!`](crate::for_each_app_metadata_check) makes a test of each. A check wants a fresh
//! fixture. It needs no particular async runtime.
//!
//! What a check says stays true within a major version; a minor version may add checks for promises that the port
//! made already.

mod check_run;
pub mod checks;
mod fixture;

pub use check_run::all;
pub use fixture::{AppMetadataFixture, ArtworkShape, FixtureApp, IdShape, RunsOn};

pub use super::{FixtureFuture, Violation};
