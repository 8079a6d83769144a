//! Decisions about the catalog: a sync of assets, an app added by hand, and the Token Details page.

mod add_app;
mod sync_assets;
mod token_details;

pub use add_app::{Addition, AdditionRefusal, AdditionVerdict, decide_add_app, stores_to_ask};
pub use sync_assets::{
    SkippedAsset, SyncFindings, SyncRefusal, SyncReport, TokenBasis, decide_sync_assets, lookups_needed,
};
pub use token_details::{DetailsComment, DetailsStatus, LicenseCount, TokenDetailsRow, token_details};
