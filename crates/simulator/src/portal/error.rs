//! Why a portal action cannot be done.

use thiserror::Error;

use crate::model::{AdamId, ClientUserId, LocationUid, TokenId};

/// Why a portal action cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PortalError {
    /// No such location.
    #[error("there is no location `{0}`")]
    UnknownLocation(LocationUid),
    /// No such token.
    #[error("there is no content token `{0}`")]
    UnknownToken(TokenId),
    /// The store lists no such app.
    #[error("the store lists no app or book `{0}`; list it first")]
    NotListed(AdamId),
    /// The location does not own this asset.
    #[error("location `{uid}` does not own `{adam_id}` in this quality")]
    NotOwned {
        /// The location.
        uid: LocationUid,
        /// The app or book.
        adam_id: AdamId,
    },
    /// More seats than fit into Apple's numbers of 32 bits, whose largest means unlimited.
    #[error("`{0}` would have more seats than 2147483646, which is the most")]
    TooManySeats(AdamId),
    /// Fewer seats than are assigned, or more assigned than there are.
    #[error("`{0}` would have more seats assigned than it has in all")]
    MoreAssignedThanOwned(AdamId),
    /// Without a limit nothing can be bought.
    #[error("`{0}` is unlimited, seats cannot be bought")]
    Unlimited(AdamId),
    /// Fewer seats are free than are to be given back or moved.
    #[error("`{adam_id}` has only {free} seats that are not assigned")]
    NotEnoughFreeSeats {
        /// The app or book.
        adam_id: AdamId,
        /// How many seats are free.
        free: i64,
    },
    /// More seats than the portal moves at a time.
    #[error("at most {most} seats are moved at a time")]
    TooManyToMove {
        /// How many it moves.
        most: u32,
    },
    /// No active user of this id.
    #[error("there is no active user `{0}`")]
    UnknownUser(ClientUserId),
    /// The Apple Account belongs to another active user of the location.
    #[error("the Apple Account `{0}` belongs to another user")]
    AccountTaken(String),
}
