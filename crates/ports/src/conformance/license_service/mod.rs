//! What every client of Apple's license service has to do.
//!
//! Write a [`LicenseServiceStage`] for an Apple that you can prepare, with your client before it. [`all`] runs the
//! whole suite on it; each check of [`checks`] can be run alone, and
//! [`for_each_license_service_check!`](crate::for_each_license_service_check) makes a test of each. A check wants a
//! fresh stage. It needs no particular async runtime. A client that waits before it sends a request again should wait
//! briefly here; the suite provokes no failure that passes by itself.
//!
//! What a check says stays true within a major version; a minor version may add checks for promises that the port
//! made already.

mod all;
pub mod checks;
mod owned;
mod stage;
mod story;

pub use all::all;
pub use stage::{LicenseServiceStage, StagedCondition, StagedLocation, StagedRequest, StagedToken};

pub use super::{Staged, Violation};
