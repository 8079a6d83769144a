//! The catalog: apps with policies of their own, how they come in, the Token Details page, and updates.

mod addition;
mod admission;
mod app;
mod asset;
mod asset_key;
mod counts;
mod details;
mod listing;
mod sync;
mod update;

pub use addition::{Addition, AdditionRefusal, AdditionVerdict, decide_addition, stores_to_ask};
pub use admission::{Admission, AdmissionVerdict, Lookup, SkipReason};
pub use app::{AddedBy, App, AppKind, Approval};
pub(crate) use asset::runs_on_macos_only;
pub use asset::{Asset, Platform, PricingParam, ProductType};
pub use asset_key::AssetKey;
pub use counts::{Counts, CountsError, UNLIMITED_TOTAL};
pub use details::{DetailsComment, DetailsStatus, LicenseCount, TokenDetailsRow, token_details};
pub use listing::{StoreListing, StorePlatform};
pub use sync::{
    SkippedAsset, SyncFindings, SyncRefusal, SyncReport, TokenBasis, decide_sync, lookups_needed,
};
pub use update::{
    Cadence, Day, HoldReason, InstalledVersion, LocalTime, LocalTimeError, NewestVersion, NothingReason,
    OsVersion, OsVersionError, RefuseReason, UpdateDecision, UpdateFacts, UpdateMode, UpdateRow, UpdateRules,
    UpdateWindow, UpdateWindowError, UserSwitch, VersionId, decide_update, update_table,
};
