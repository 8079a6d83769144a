//! Decisions about the catalog: a sync of assets, an app added by hand, and the Token Details page.

mod addition;
mod details;
mod sync;

pub use addition::{Addition, AdditionRefusal, AdditionVerdict, decide_addition, stores_to_ask};
pub use details::{DetailsComment, DetailsStatus, LicenseCount, TokenDetailsRow, token_details};
pub use sync::{
    SkippedAsset, SyncFindings, SyncRefusal, SyncReport, TokenBasis, decide_sync, lookups_needed,
};
