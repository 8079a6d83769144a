//! Decisions about the catalog: a sync of assets, an app added by hand, and the Token Details page.

mod add_app;
mod details;
mod sync_assets;

pub use add_app::{Addition, AdditionRefusal, AdditionVerdict, decide_add_app, stores_to_ask};
pub use details::{DetailsComment, DetailsStatus, LicenseCount, TokenDetailsRow, token_details};
pub use sync_assets::{
    SkippedAsset, SyncFindings, SyncRefusal, SyncReport, TokenBasis, decide_sync_assets, lookups_needed,
};
