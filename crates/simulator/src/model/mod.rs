//! What Apple keeps: locations, what they own, their tokens, and what the store sells.

mod asset;
mod assigning;
mod base_url;
mod claim;
mod clock;
mod content_token;
mod event_plan;
mod history;
mod holder;
mod ids;
mod limits;
mod listing;
mod location;
mod rate;
mod roll;
mod service;
mod settings;
mod store_view;
mod token_file;
mod unseen;
mod user;
mod users;

pub use asset::{AssetKey, PricingParam, UNLIMITED};
pub use base_url::{BaseUrl, BaseUrlError};
pub use claim::Claim;
pub use content_token::{DownloadedToken, TokenDownload};
pub use event_plan::{EventDelay, EventPlan};
pub use holder::{Assignment, ClientUserId, Holder, SerialNumber};
pub use ids::{AdamId, ContentManager, Country, EventId, LocationUid, TokenId};
pub use limits::Limits;
pub use listing::{ArtworkStyle, IdStyle, ListingKind, StoreListing};
pub use location::{NewLocation, NotificationSettings, Platform};
pub use rate::{FlaggingRule, RateJudged, RateLimit};
pub use settings::{ExpirationShown, RemovedInDeltas, Settings, SynchronousErrors};

pub(crate) use asset::{OwnedAsset, ProductType, Seats};
pub(crate) use clock::SimulatedClock;
pub(crate) use content_token::{ContentToken, TokenRole};
pub(crate) use holder::Change;
pub(crate) use ids::VersionId;
pub(crate) use limits::{too_long, too_many};
pub(crate) use location::Location;
pub(crate) use service::{Origin, Service};
pub(crate) use store_view::StoreView;
pub(crate) use token_file::reads_as_token;
pub(crate) use user::{User, UserStatus, WantedUser};
