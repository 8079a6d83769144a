//! What is desired of a seat, and why.

use serde::{Deserialize, Serialize};

use crate::seats::DepartureTrigger;

/// What is desired of a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Want {
    /// The holder shall have a license.
    Hold {
        /// Why.
        because: HoldReason,
    },
    /// The holder shall have none.
    Free {
        /// Why.
        because: FreeReason,
    },
}

/// Why a holder shall have a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum HoldReason {
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
pub enum FreeReason {
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

impl Want {
    /// The direction in which a request would bring it about; `None` for a license of somebody else, for which
    /// nothing is ever sent.
    #[must_use]
    pub const fn direction(self) -> Option<Direction> {
        match self {
            Self::Hold { because: HoldReason::Foreign } => None,
            Self::Hold { .. } => Some(Direction::Associate),
            Self::Free { .. } => Some(Direction::Disassociate),
        }
    }

    /// Whether the holder shall have a license.
    #[must_use]
    pub const fn is_hold(self) -> bool {
        matches!(self, Self::Hold { .. })
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
