//! A seat: which license for which holder, whether it shall be theirs, what is known about it, and what is under way.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    apple_error::AppleError,
    catalog::AssetKey,
    id::{ClientUserId, LocationId, SerialNumber},
    seats::{DepartureTrigger, Fence, RequestNumber},
};

/// One asset of one location for one holder.
///
/// All times are of one clock, the store's: `touched_at` is compared with the moment at which a read began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// What tells it apart.
    pub key: SeatKey,
    /// What is desired.
    pub desired: Desired,
    /// What is known of Apple's side.
    pub observed: Observed,
    /// What is under way.
    pub progress: Progress,
    /// The direction in which a lost request may still be run.
    pub fence: Option<Fence>,
    /// How often Apple answered a request with it as done or failed since it was last read as desired: what Apple
    /// reports as done and does not list is not repeated for ever. Losses and refusals do not count.
    pub tries: u32,
    /// When something last changed what may be true at Apple, UTC. A read that began no later says nothing.
    pub touched_at: DateTime<Utc>,
}

/// The key of a seat: one asset of one location for one holder. There is at most one seat for each key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeatKey {
    /// The location that owns the license.
    pub location: LocationId,
    /// What is licensed.
    pub asset: AssetKey,
    /// The holder of the license.
    pub holder: Holder,
}

/// The holder of a license. Apple knows two kinds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Holder {
    /// A device.
    Device {
        /// Its serial number.
        serial_number: SerialNumber,
    },
    /// A user, for all of their devices.
    User {
        /// The id under which the user is registered at Apple.
        client_user_id: ClientUserId,
    },
}

/// What is desired of a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Desired {
    /// The holder shall have a license.
    Assigned {
        /// Why.
        because: AssignReason,
    },
    /// The holder shall have none.
    Unassigned {
        /// Why.
        because: UnassignReason,
    },
}

/// Why a holder shall have a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AssignReason {
    /// An install points at the seat.
    Install,
    /// The embedder assigned it without an install, for example a book for a user.
    Direct,
    /// Nothing needs it any more, but a policy keeps it.
    Kept {
        /// The event that would have taken it.
        trigger: DepartureTrigger,
    },
    /// Nothing needs it any more, but its token was deleted and the administrator chose to leave its licenses.
    TokenDeleted,
    /// Another product, or a person at Apple's portal, gave it. It is counted and left alone.
    Foreign,
}

/// Why a holder shall have no license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum UnassignReason {
    /// An event took it.
    Departed {
        /// The event.
        trigger: DepartureTrigger,
    },
    /// The install moved to another seat, which was read as assigned.
    Moved,
    /// Nothing points at it any more, and no event of its own says why.
    NotNeeded,
    /// A person revoked it, whether it was ours or foreign.
    Revoked,
}

/// Which way a request moves licenses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Direction {
    /// To the holder.
    Associate,
    /// Back to the pool.
    Disassociate,
}

/// What is known of Apple's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Observed {
    /// Nothing that can be relied on.
    Unknown,
    /// There is no license: a request to take it back is complete, or a full read did not list it.
    Unassigned,
    /// Apple says that the request is complete, but did not list the license yet. Not enough for an install.
    Reported,
    /// Apple lists the license.
    Assigned,
}

/// What is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Progress {
    /// Nothing.
    Idle,
    /// It waits for the location session to put it into a request. Nothing was sent.
    Queued {
        /// With which seats it may share a request, after one that Apple refused without naming the seat at fault.
        apart: Option<Half>,
    },
    /// It is in a request that may have been sent.
    InRequest {
        /// The request, within the location.
        request: RequestNumber,
    },
    /// It failed for a reason of its own and is left until it is asked for again or the opposite is desired.
    GivenUp {
        /// Why.
        error: SeatError,
    },
}

/// A half of a request that Apple refused as a whole without naming the seat at fault. Seats of one half share requests
/// only with each other, so that halving again and again isolates the seat at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Half {
    /// The first half.
    First {
        /// The refused request.
        of: RequestNumber,
    },
    /// The second half.
    Second {
        /// The refused request.
        of: RequestNumber,
    },
}

/// Why a seat was given up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Error)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum SeatError {
    /// Apple named the seat.
    #[error("Apple answered: {}", .error.message)]
    Apple {
        /// What Apple said.
        error: AppleError,
    },
    /// Apple reported the request as complete again and again, and never listed the license. Observed in the wild for
    /// serial numbers that Apple does not know.
    #[error("Apple reports the license as given and does not list it: check the serial number or user id")]
    Unconfirmed,
    /// Requests with this seat failed again and again, and Apple never named the seat at fault.
    #[error("requests with this license keep failing and Apple names no reason: ask again later")]
    Unexplained,
    /// The user is retired at Apple and can hold no license.
    #[error("the user is retired at Apple: register the user again before they get a license")]
    RetiredUser,
}

impl Seat {
    /// A seat about which nothing was read or sent yet.
    ///
    /// Give [`Observed::Unassigned`] when a full read of the location's assignments did not list it, so that nothing
    /// has to be read before the first request; else [`Observed::Unknown`].
    #[must_use]
    pub const fn new(key: SeatKey, desired: Desired, observed: Observed, now: DateTime<Utc>) -> Self {
        Self { key, desired, observed, progress: Progress::Idle, fence: None, tries: 0, touched_at: now }
    }

    /// A license that Apple listed in a read that began at a time, and that no seat stands for.
    #[must_use]
    pub const fn foreign(key: SeatKey, begun_at: DateTime<Utc>) -> Self {
        Self::new(key, Desired::Assigned { because: AssignReason::Foreign }, Observed::Assigned, begun_at)
    }

    /// Whether it is ours. A foreign seat becomes ours when it is desired for a reason of ours.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        !matches!(self.desired, Desired::Assigned { because: AssignReason::Foreign })
    }

    /// Whether it counts as taken in its pool: it is desired, or not surely unassigned.
    #[must_use]
    pub fn is_occupied(&self) -> bool {
        self.desired.is_assigned()
            || self.observed != Observed::Unassigned
            || !self.is_at_rest()
            || self.fence.is_some()
    }

    /// Whether a device may be told to install with this license: we desire it, Apple listed it, and nothing that was
    /// sent can take it away. [`Observed::Reported`] is not enough (observed in the wild: requests reported as complete
    /// whose license never appears).
    #[must_use]
    pub fn is_usable(&self) -> bool {
        let taken_away =
            self.fence.is_some_and(|fence| fence.direction == Direction::Disassociate) || !self.is_at_rest();
        self.desired.direction() == Some(Direction::Associate)
            && self.observed == Observed::Assigned
            && !taken_away
    }

    /// Whether nothing that was sent awaits its answer.
    #[must_use]
    pub const fn is_at_rest(&self) -> bool {
        !matches!(self.progress, Progress::InRequest { .. })
    }
}

impl Holder {
    /// Whether it is a user.
    #[must_use]
    pub const fn is_user(&self) -> bool {
        matches!(self, Self::User { .. })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device { serial_number } => write!(f, "device `{serial_number}`"),
            Self::User { client_user_id } => write!(f, "user `{client_user_id}`"),
        }
    }
}

impl Desired {
    /// The direction in which a request would bring it about; `None` for a foreign license, for which nothing is ever
    /// sent.
    #[must_use]
    pub const fn direction(self) -> Option<Direction> {
        match self {
            Self::Assigned { because: AssignReason::Foreign } => None,
            Self::Assigned { .. } => Some(Direction::Associate),
            Self::Unassigned { .. } => Some(Direction::Disassociate),
        }
    }

    /// Whether the holder shall have a license.
    #[must_use]
    pub const fn is_assigned(self) -> bool {
        matches!(self, Self::Assigned { .. })
    }
}

impl Direction {
    /// The other one.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Associate => Self::Disassociate,
            Self::Disassociate => Self::Associate,
        }
    }
}

impl Observed {
    /// All of them, from no knowledge to the most.
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Unassigned, Self::Reported, Self::Assigned];

    /// Whether it is what a request in this direction would bring about.
    #[must_use]
    pub const fn agrees_with(self, direction: Direction) -> bool {
        match direction {
            Direction::Associate => matches!(self, Self::Reported | Self::Assigned),
            Direction::Disassociate => matches!(self, Self::Unassigned),
        }
    }
}
