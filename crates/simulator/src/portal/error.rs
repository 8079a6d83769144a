//! The reasons why a portal action cannot be done, and the look-ups that fail with them.

use thiserror::Error;

use crate::apple::{AdamId, AssetKey, ClientUserId, LocationUid, TokenId};
use crate::model::{Location, OwnedAsset};
use crate::service::Service;

/// The reason why a portal action cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PortalError {
    /// No location has this id.
    #[error("there is no location `{0}`; create it first")]
    UnknownLocation(LocationUid),
    /// No token has this number.
    #[error("there is no content token `{0}`; download one first")]
    UnknownToken(TokenId),
    /// The store lists no such app.
    #[error("the store lists no app or book `{0}`; list it first")]
    NotListed(AdamId),
    /// The location does not own this asset.
    #[error("location `{uid}` does not own `{adam_id}` in this quality; buy it first")]
    NotOwned {
        /// The location.
        uid: LocationUid,
        /// The app or book.
        adam_id: AdamId,
    },
    /// More seats than fit into Apple's numbers of 32 bits, whose largest means unlimited.
    #[error("`{0}` would have more than 2147483646 seats; take fewer")]
    TooManySeats(AdamId),
    /// Fewer seats than are assigned, or more assigned than there are.
    #[error("`{0}` would have more seats assigned than it has in all; assign fewer, or buy seats first")]
    MoreAssignedThanOwned(AdamId),
    /// An asset without limit has no seats to buy, give back or move.
    #[error("`{0}` is unlimited: its seats cannot be bought, given back or moved")]
    Unlimited(AdamId),
    /// Fewer seats are free than are to be given back or moved.
    #[error("`{adam_id}` has only {free} seats that are not assigned; take fewer, or unassign some first")]
    NotEnoughFreeSeats {
        /// The app or book.
        adam_id: AdamId,
        /// How many seats are free.
        free: i64,
    },
    /// More seats than the portal moves at a time.
    #[error("the portal moves at most {most} seats at a time; move them in several steps")]
    TooManyToMove {
        /// How many it moves.
        most: u32,
    },
    /// No active user has this id.
    #[error("there is no active user `{0}`; create it first")]
    UnknownUser(ClientUserId),
    /// The Apple Account belongs to another active user of the location.
    #[error("the Apple Account `{0}` belongs to another user of the location; retire that user first")]
    AccountTaken(String),
}

/// The location with this id.
pub(super) fn location<'a>(
    service: &'a mut Service,
    uid: &LocationUid,
) -> Result<&'a mut Location, PortalError> {
    service.locations.get_mut(uid).ok_or_else(|| PortalError::UnknownLocation(uid.clone()))
}

/// An asset that the location with this id owns.
pub(super) fn asset<'a>(
    service: &'a mut Service,
    uid: &LocationUid,
    key: AssetKey,
) -> Result<&'a mut OwnedAsset, PortalError> {
    let not_owned = PortalError::NotOwned { uid: uid.clone(), adam_id: key.adam_id };
    location(service, uid)?.assets.get_mut(&key).ok_or(not_owned)
}
