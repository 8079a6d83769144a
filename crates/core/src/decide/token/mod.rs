//! Decisions about a token: upload, renewal, edit, claim, and what a call to Apple observed.

mod claim;
mod edit;
mod observed;
#[cfg(test)]
mod registry_tests;
mod renewal;
mod upload;

pub use claim::{ClaimRefusal, decide_claim};
pub use edit::{EditRefusal, decide_edit};
pub use observed::{Answer, Called, decide_called};
pub use renewal::{OtherLocation, Renewal, RenewalRefusal, RenewalVerdict, decide_renewal};
pub use upload::{Upload, UploadRefusal, decide_upload};
