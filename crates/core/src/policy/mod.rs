//! Policies: what leaves a device, and which license goes back.

mod departure;
mod departure_table;
mod reclaim;
mod trigger;

pub use departure::{AppEffect, Departing, Departure, Grace, HeldLicense, KeepReason, LicenseEffect, depart};
pub use departure_table::{Cell, DepartureRow, departure_table};
pub use reclaim::{ReclaimRules, ScopeLeftRule};
pub use trigger::DepartureTrigger;
