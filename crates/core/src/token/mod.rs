//! Content tokens: the file, the dialog's settings, the status and the rules between tokens.

mod condition;
mod expiry;
mod file;
mod file_error;
mod location;
mod name;
mod operation;
mod policies;
mod region;
mod region_codes;
mod registry;
mod scope;
mod secret;
mod settings;
mod status;
#[cfg(test)]
pub(crate) mod testing;
mod token_row;

pub use condition::{
    ClaimHolder, ReadOnly, ReadOnlyReason, Rejection, RejectionKind, TokenCondition, TokenObservation,
};
pub use expiry::parse_expiry;
pub use file::{LARGEST_TOKEN_FILE, TokenFile};
pub use file_error::TokenFileError;
pub use location::{Location, MdmInfo, ReplyFacts, StoreKind, StorePlatform};
pub use name::{TokenName, TokenNameError};
pub use operation::{OperationRefusal, TokenOperation};
pub use policies::{AppPolicies, RemoveAppOn};
pub use region::{Region, RegionError};
pub use registry::{RegistryRefusal, check_location_is_new, check_name_is_free};
pub use scope::{OutOfLicenseRule, Reservation, ScopeError, TokenScope};
pub use secret::{ContentToken, ContentTokenError};
pub use settings::{TokenDetail, TokenSettings};
pub use status::{EXPIRING_WITHIN_DAYS, TokenStatus};
pub use token_row::{SyncRecord, Token};
