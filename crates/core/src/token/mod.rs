//! Content tokens: the file, the dialog's settings, the status and the rules between tokens.

mod condition;
mod file;
mod location;
mod name;
mod secret;
mod settings;
mod status;
#[cfg(test)]
pub(crate) mod testing;
mod token_row;

pub use condition::{
    ClaimHolder, ReadOnly, ReadOnlyReason, Rejection, RejectionKind, TokenCondition, TokenObservation,
};
pub use file::TokenFileError;
pub use file::parse_expiry;
pub use file::{LARGEST_TOKEN_FILE, TokenFile};
pub use location::{Location, MdmInfo, ReplyFacts, StoreKind, StorePlatform};
pub use location::{Region, RegionError};
pub use name::{TokenName, TokenNameError};
pub use secret::{ContentToken, ContentTokenError};
pub use settings::{AppPolicies, RemoveAppOn};
pub use settings::{OutOfLicenseRule, Reservation, ScopeError, TokenScope};
pub use settings::{TokenDetail, TokenSettings};
pub use status::{EXPIRING_WITHIN_DAYS, TokenStatus};
pub use status::{OperationRefusal, TokenOperation};
pub use token_row::{RegistryRefusal, check_location_is_new, check_name_is_free};
pub use token_row::{SyncRecord, Token};
