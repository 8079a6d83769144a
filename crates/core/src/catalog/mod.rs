//! The catalog: apps with policies of their own, how they come in, and the Token Details page.

mod addition;
mod admission;
mod app;
mod asset;
mod counts;
mod details;
mod listing;
mod sync;

pub use addition::{Addition, AdditionRefusal, AdditionVerdict, decide_addition, stores_to_ask};
pub use admission::{Admission, AdmissionVerdict, Lookup, SkipReason};
pub use app::{AddedBy, App, AppKind, Approval};
pub(crate) use asset::runs_on_macos_only;
pub use asset::{Asset, Platform, PricingParam, ProductType};
pub use counts::{Counts, CountsError, UNLIMITED_TOTAL};
pub use details::{DetailsComment, DetailsStatus, LicenseCount, TokenDetailsRow, token_details};
pub use listing::{StoreListing, StorePlatform};
pub use sync::{
    SkippedAsset, SyncFindings, SyncRefusal, SyncReport, TokenBasis, decide_sync, lookups_needed,
};
