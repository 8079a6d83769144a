//! Updates: whether a new version of an app is pushed to a device, and when.

mod batch;
mod day;
mod decide;
mod decision;
mod facts;
mod local_time;
mod opening;
mod os_version;
mod rules;
mod steady;
mod table;
mod window;

#[cfg(test)]
mod contradiction_tests;
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

pub use day::Day;
pub use decide::decide_update;
pub use decision::{NothingReason, RefuseReason, UpdateDecision, UpdateHold};
pub use facts::{InstalledVersion, NewestVersion, UpdateFacts, UserSwitch, VersionId};
pub use local_time::{LocalTime, LocalTimeError};
pub use os_version::{OsVersion, OsVersionError};
pub use rules::{Cadence, UpdateMode, UpdateRules};
pub use table::{UpdateRow, update_table};
pub use window::{UpdateWindow, UpdateWindowError};
