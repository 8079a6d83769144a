//! Content tokens: the file, the dialog's settings, the status and the rules between tokens.

mod claim;
mod condition;
mod edit;
mod expiry;
mod file;
mod file_error;
mod location;
mod name;
mod observed;
mod operation;
mod policies;
mod region;
mod region_codes;
mod registry;
mod renewal;
mod scope;
mod secret;
mod settings;
mod status;
mod token_row;
mod upload;

pub use claim::{ClaimRefusal, decide_claim};
pub use condition::{
    ClaimHolder, ReadOnly, ReadOnlyReason, Rejection, RejectionKind, TokenCondition, TokenObservation,
};
pub use edit::{EditRefusal, decide_edit};
pub use expiry::parse_expiry;
pub use file::{LARGEST_TOKEN_FILE, TokenFile};
pub use file_error::TokenFileError;
pub use location::{Location, MdmInfo, ReplyFacts, StoreKind};
pub use name::{TokenName, TokenNameError};
pub use observed::{Answer, Called, decide_called};
pub use operation::{OperationRefusal, TokenOperation};
pub use policies::{AppPolicies, RemoveAppOn};
pub use region::{Region, RegionError};
pub use registry::{RegistryRefusal, check_location_is_new, check_name_is_free};
pub use renewal::{OtherLocation, Renewal, RenewalRefusal, RenewalVerdict, decide_renewal};
pub use scope::{OutOfLicenseRule, Reservation, ScopeError, TokenScope};
pub use secret::{ContentToken, ContentTokenError};
pub use settings::{TokenDetail, TokenSettings};
pub use status::{EXPIRING_WITHIN_DAYS, TokenStatus};
pub use token_row::{SyncRecord, Token};
pub use upload::{Upload, UploadRefusal, decide_upload};
