//! Policies: which recipient gets an app with which license, and which events take app or license away.

mod alert;
mod choice;
mod departure;
mod distribution;
mod owner;
mod recipient;
mod reclaim;
mod release_bound;
#[cfg(test)]
mod shape_tests;
mod trace;

pub use alert::{LowLicenseThresholds, ReportedThresholds};
pub use choice::{ChoiceApp, ChoiceAppKind, choose, explain, unlicensed_install};
pub use departure::{AppEffect, Departing, Departure, Grace, HeldLicense, KeepReason, LicenseEffect, depart};
pub use departure::{DepartureCell, DepartureRow, departure_table};
pub use distribution::ManagementFlags;
pub use distribution::{Distribution, LicenseType, Target, TargetOf};
pub use owner::{Owner, Owners};
pub use recipient::{Enrollment, Recipient, RecipientDevice, RecipientError, RecipientUser};
pub use reclaim::{ReclaimRules, ScopeLeftRule};
pub use release_bound::{LocationReleases, ReleaseCount};
pub use release_bound::{ReleaseBound, TooManyReleases};
pub use trace::{Candidate, Choice, LicenseKind, NotRelevant, OwnerSays, Trace, TraceStep};
