//! What is desired of a seat, and why.

use serde::{Deserialize, Serialize};

use crate::seats::DepartureTrigger;

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
    /// Somebody wishes it without an install, for example a book for a user.
    Direct,
    /// Nobody needs it any more, but a policy keeps it.
    Kept {
        /// The event that would have taken it.
        trigger: DepartureTrigger,
    },
    /// Nobody needs it any more, but its token was deleted and the administrator chose to leave its licenses.
    TokenDeleted,
    /// Somebody else gave it: another product, or a person at Apple's portal. It is counted and left alone.
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
    /// The install moved to another seat, which was read as present.
    Moved,
    /// Nothing points at it any more, and no event of its own says why.
    NotNeeded,
    /// A person revoked it, whoever had given it.
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

impl Desired {
    /// The direction in which a request would bring it about; `None` for a license of somebody else, for which
    /// nothing is ever sent.
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
