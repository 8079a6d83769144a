//! Updates: whether and when a new version of an app is pushed to a device.

mod decide;
mod decision;
mod facts;
mod opening;
mod rules;
mod window;

#[cfg(test)]
mod decide_tests;
#[cfg(test)]
mod opening_tests;
#[cfg(test)]
mod shape_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod truth_tests;

pub use decide::decide_update;
pub use decide::{UpdateRow, update_table};
pub use decision::{NothingReason, RefuseReason, UpdateDecision, UpdateHold};
pub use facts::{InstalledVersion, NewestVersion, UpdateFacts, UserSwitch, VersionId};
pub use facts::{OsVersion, OsVersionError};
pub use rules::{Cadence, UpdateMode, UpdateRules};
pub use window::Day;
pub use window::{LocalTime, LocalTimeError};
pub use window::{UpdateWindow, UpdateWindowError};
