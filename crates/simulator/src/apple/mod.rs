//! Apple's nouns, with Apple's spelling of them: ids, kinds, assignments, listings, limits, endpoints and error
//! numbers.

mod assignment;
mod endpoint;
mod error_number;
mod ids;
mod kinds;
mod limits;
mod listing;

pub use assignment::{AssetKey, Assignment, Holder, PricingParam, UNLIMITED};
pub use endpoint::Endpoint;
pub use error_number::ErrorNumber;
pub use ids::{
    AdamId, ClientUserId, ContentManager, Country, EventId, LocationUid, NotificationId, SerialNumber,
    TokenId,
};
pub use kinds::{EventKind, EventStatus, NotificationKind, Platform};
pub use limits::Limits;
pub use listing::{ArtworkStyle, IdStyle, ListingKind, StoreListing};

pub(crate) use assignment::{Change, ProductType};
pub(crate) use endpoint::{API, INVITATION, INVITATION_NAME};
pub(crate) use ids::VersionId;
pub(crate) use kinds::UserStatus;
pub(crate) use listing::StoreView;
