//! Decisions about a token: upload, renewal, edit, claim, and what a call to Apple observed.

mod claim;
mod edit;
mod record_call;
#[cfg(test)]
mod registry_tests;
mod renew;
mod upload;

pub use claim::{ClaimRefusal, decide_claim_location};
pub use edit::{EditRefusal, decide_edit_token};
pub use record_call::{TokenCall, TokenCallResult, decide_record_call};
pub use renew::{OtherLocation, Renewal, RenewalRefusal, RenewalVerdict, decide_renew_token};
pub use upload::{Upload, UploadRefusal, decide_upload_token};
