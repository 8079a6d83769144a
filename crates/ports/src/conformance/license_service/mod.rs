//! What every client of Apple's license service has to do.
//!
//! Write a [`LicenseServiceFixture`] for an Apple that you can prepare, with your client before it. [`all`] runs the
//! whole suite on it; each check of [`checks`] can be run alone, and
//! [`for_each_license_service_check!`](crate::for_each_license_service_check) makes a test of each. A check wants a
//! fresh fixture. It needs no particular async runtime. A client that waits before it sends a request again should wait
//! briefly here; the suite provokes no failure that passes by itself.
//!
//! What a check says stays true within a major version; a minor version may add checks for promises that the port
//! made already.

mod check_run;
pub mod checks;
mod fixture;

pub use check_run::all;
pub use fixture::{FixtureCondition, FixtureLocation, FixtureRequest, FixtureToken, LicenseServiceFixture};

pub use super::{FixtureFuture, Violation};
