//! The catalog: assets and their license counts, apps with policies of their own, how tokens add them, and updates.

pub(crate) mod admission;
mod app;
mod asset;
mod pool;
#[cfg(test)]
pub(crate) mod testing;
mod update;

pub use admission::{Admission, AdmissionVerdict, Lookup, SkipReason};
pub use app::StoreListing;
pub use app::{AddedBy, App, AppKind, Approval};
pub use asset::AssetKey;
pub(crate) use asset::runs_on_macos_only;
pub use asset::{Asset, Platform, PricingParam, ProductType};
pub use asset::{Counts, CountsError, UNLIMITED_TOTAL};
pub use pool::Pool;
pub use update::{
    Cadence, Day, InstalledVersion, LocalTime, LocalTimeError, NewestVersion, NothingReason, OsVersion,
    OsVersionError, RefuseReason, UpdateDecision, UpdateFacts, UpdateHold, UpdateMode, UpdateRow,
    UpdateRules, UpdateWindow, UpdateWindowError, UserSwitch, VersionId, decide_update, update_table,
};
