//! What must be looked at, and when.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{AdamId, LocationId};

/// Something that must be looked at, at a time. There is at most one for each kind and subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What, and about what.
    pub kind: DueKind,
    /// When at the earliest, UTC.
    pub at: DateTime<Utc>,
    /// How often it was asked for; the store counts. A due row is settled only if this has not moved meanwhile.
    pub n: u64,
    /// How often in a row it failed.
    pub tries: u32,
}

/// What must be looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum DueKind {
    /// Claim a location that nobody claims.
    Claim {
        /// The location.
        location: LocationId,
    },
    /// Claim a location whoever claims it: an administrator asked for it.
    TakeOver {
        /// The location.
        location: LocationId,
    },
    /// Read a location: client config, assets, and the store entries of apps that are not in the catalog yet.
    Sync {
        /// The location.
        location: LocationId,
    },
    /// Put seats that are queued into requests and send them.
    Send {
        /// The location.
        location: LocationId,
    },
    /// Ask Apple how far the requests are that it accepted.
    Ask {
        /// The location.
        location: LocationId,
    },
    /// Read what changed in the assignments: licenses that Apple reported as given are confirmed by it.
    Confirm {
        /// The location.
        location: LocationId,
    },
    /// Read the assignments of seats of which nothing is known.
    Look {
        /// The location.
        location: LocationId,
    },
    /// Read all assignments from the first page to the last.
    Walk {
        /// The location.
        location: LocationId,
    },
    /// Look at the seats whose fences have passed.
    Unfence {
        /// The location.
        location: LocationId,
    },
    /// Read, or register, the users for whom seats wait.
    Members {
        /// The location.
        location: LocationId,
    },
    /// Give licenses that are free to those who wait for them.
    Serve {
        /// The location.
        location: LocationId,
    },
    /// Tell Apple where to send notifications, and which.
    Subscribe {
        /// The location.
        location: LocationId,
    },
    /// Tell the host's catalog about an app.
    TellCatalog {
        /// The app.
        adam_id: AdamId,
    },
}

impl DueKind {
    /// A stable text for stores that need a key: the kind and its subject.
    #[must_use]
    pub fn key(&self) -> (&'static str, String) {
        match self {
            Self::Claim { location } => ("claim", location.to_string()),
            Self::TakeOver { location } => ("take_over", location.to_string()),
            Self::Sync { location } => ("sync", location.to_string()),
            Self::Send { location } => ("send", location.to_string()),
            Self::Ask { location } => ("ask", location.to_string()),
            Self::Confirm { location } => ("confirm", location.to_string()),
            Self::Look { location } => ("look", location.to_string()),
            Self::Walk { location } => ("walk", location.to_string()),
            Self::Unfence { location } => ("unfence", location.to_string()),
            Self::Members { location } => ("members", location.to_string()),
            Self::Serve { location } => ("serve", location.to_string()),
            Self::Subscribe { location } => ("subscribe", location.to_string()),
            Self::TellCatalog { adam_id } => ("tell_catalog", adam_id.to_string()),
        }
    }

    /// The kind behind a stable text, or `None` when this version does not know it.
    #[must_use]
    pub fn from_key(kind: &str, subject: &str) -> Option<Self> {
        let location = || LocationId::new(subject).ok();
        match kind {
            "claim" => Some(Self::Claim { location: location()? }),
            "take_over" => Some(Self::TakeOver { location: location()? }),
            "sync" => Some(Self::Sync { location: location()? }),
            "send" => Some(Self::Send { location: location()? }),
            "ask" => Some(Self::Ask { location: location()? }),
            "confirm" => Some(Self::Confirm { location: location()? }),
            "look" => Some(Self::Look { location: location()? }),
            "walk" => Some(Self::Walk { location: location()? }),
            "unfence" => Some(Self::Unfence { location: location()? }),
            "members" => Some(Self::Members { location: location()? }),
            "serve" => Some(Self::Serve { location: location()? }),
            "subscribe" => Some(Self::Subscribe { location: location()? }),
            "tell_catalog" => Some(Self::TellCatalog { adam_id: subject.parse().ok()? }),
            _ => None,
        }
    }

    /// The location that it is about, if it is about one.
    #[must_use]
    pub const fn location(&self) -> Option<&LocationId> {
        match self {
            Self::Claim { location }
            | Self::TakeOver { location }
            | Self::Sync { location }
            | Self::Send { location }
            | Self::Ask { location }
            | Self::Confirm { location }
            | Self::Look { location }
            | Self::Walk { location }
            | Self::Unfence { location }
            | Self::Members { location }
            | Self::Serve { location }
            | Self::Subscribe { location } => Some(location),
            Self::TellCatalog { .. } => None,
        }
    }
}

impl Due {
    /// Something that is due at a time, for the first time.
    #[must_use]
    pub const fn at(kind: DueKind, at: DateTime<Utc>) -> Self {
        Self { kind, at, n: 0, tries: 0 }
    }
}

/// A due row that was looked at. It is deleted if nobody asked again since it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// What was looked at.
    pub kind: DueKind,
    /// The count that the row had when it was read.
    pub n: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_again_by_its_key() {
        let location = LocationId::new("2049025000431439").unwrap();
        for kind in [
            DueKind::Claim { location: location.clone() },
            DueKind::TakeOver { location: location.clone() },
            DueKind::Sync { location: location.clone() },
            DueKind::Send { location: location.clone() },
            DueKind::Ask { location: location.clone() },
            DueKind::Confirm { location: location.clone() },
            DueKind::Look { location: location.clone() },
            DueKind::Walk { location: location.clone() },
            DueKind::Unfence { location: location.clone() },
            DueKind::Members { location: location.clone() },
            DueKind::Serve { location: location.clone() },
            DueKind::Subscribe { location },
            DueKind::TellCatalog { adam_id: AdamId::new(7) },
        ] {
            let (name, subject) = kind.key();
            assert_eq!(DueKind::from_key(name, &subject), Some(kind));
        }
        assert_eq!(DueKind::from_key("from a later version", "7"), None);
    }
}
