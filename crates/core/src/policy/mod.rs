//! Policies: who gets an app and which license, what leaves a device, and which license goes back.

mod alert;
mod choice;
mod departure;
#[cfg(test)]
mod departure_shape_tests;
mod departure_table;
mod distribution;
mod install_flags;
mod not_relevant;
mod owner;
mod recipient;
mod reclaim;
mod release_bound;
mod release_count;
#[cfg(test)]
mod shape_tests;
mod trace;

pub use alert::{LowLicenseThresholds, ReportedThresholds};
pub use choice::{
    Candidate, Choice, ChoiceApp, ChoiceAppKind, LicenseKind, choose, explain, unlicensed_install,
};
pub use departure::{AppEffect, Departing, Departure, Grace, HeldLicense, KeepReason, LicenseEffect, depart};
pub use departure_table::{Cell, DepartureRow, departure_table};
pub use distribution::{Distribution, LicenseType, Target, TargetOf};
pub use install_flags::ManagementFlags;
pub use not_relevant::NotRelevant;
pub use owner::{Owner, Owners};
pub use recipient::{Enrollment, Recipient, RecipientDevice, RecipientError, RecipientUser};
pub use reclaim::{ReclaimRules, ScopeLeftRule};
pub use release_bound::{ReleaseBound, TooManyReleases};
pub use release_count::{LocationReleases, ReleaseCount};
pub use trace::{OwnerSays, Trace, TraceStep};
