//! What must be looked at, and when.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{AdamId, LocationId};

/// Something that must be looked at, at a time. There is at most one for each kind and subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What, and about what.
    pub kind: JobKind,
    /// When at the earliest, UTC.
    pub at: DateTime<Utc>,
    /// How often it was asked for; the store counts. A due row is settled only if this has not moved meanwhile.
    pub generation: u64,
    /// How often in a row it failed.
    pub tries: u32,
}

/// What must be looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum JobKind {
    /// Claim a location that nobody claims.
    ClaimLocation {
        /// The location.
        location: LocationId,
    },
    /// Claim a location whoever claims it: an administrator asked for it.
    TakeOverLocation {
        /// The location.
        location: LocationId,
    },
    /// Read a location: client config, assets, and the store entries of apps that are not in the catalog yet.
    SyncAssets {
        /// The location.
        location: LocationId,
    },
    /// Put seats that are queued into requests and send them.
    SendRequests {
        /// The location.
        location: LocationId,
    },
    /// Ask Apple how far the requests are that it accepted.
    PollEvents {
        /// The location.
        location: LocationId,
    },
    /// Read what changed in the assignments: licenses that Apple reported as given are confirmed by it.
    ReadDelta {
        /// The location.
        location: LocationId,
    },
    /// Read the assignments of seats of which nothing is known.
    ReadBack {
        /// The location.
        location: LocationId,
    },
    /// Read all assignments from the first page to the last.
    ReadAssignments {
        /// The location.
        location: LocationId,
    },
    /// Look at the seats whose fences have passed.
    ReleaseFences {
        /// The location.
        location: LocationId,
    },
    /// Read, or register, the users for whom seats wait.
    RefreshUsers {
        /// The location.
        location: LocationId,
    },
    /// Give licenses that are free to those who wait for them.
    FillWaitlist {
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

impl JobKind {
    /// A stable text for stores that need a key: the kind and its subject.
    #[must_use]
    pub fn key(&self) -> (&'static str, String) {
        match self {
            Self::ClaimLocation { location } => ("claim", location.to_string()),
            Self::TakeOverLocation { location } => ("take_over", location.to_string()),
            Self::SyncAssets { location } => ("sync", location.to_string()),
            Self::SendRequests { location } => ("send", location.to_string()),
            Self::PollEvents { location } => ("ask", location.to_string()),
            Self::ReadDelta { location } => ("confirm", location.to_string()),
            Self::ReadBack { location } => ("look", location.to_string()),
            Self::ReadAssignments { location } => ("walk", location.to_string()),
            Self::ReleaseFences { location } => ("unfence", location.to_string()),
            Self::RefreshUsers { location } => ("members", location.to_string()),
            Self::FillWaitlist { location } => ("serve", location.to_string()),
            Self::Subscribe { location } => ("subscribe", location.to_string()),
            Self::TellCatalog { adam_id } => ("tell_catalog", adam_id.to_string()),
        }
    }

    /// The kind behind a stable text, or `None` when this version does not know it.
    #[must_use]
    pub fn from_key(kind: &str, subject: &str) -> Option<Self> {
        let location = || LocationId::new(subject).ok();
        match kind {
            "claim" => Some(Self::ClaimLocation { location: location()? }),
            "take_over" => Some(Self::TakeOverLocation { location: location()? }),
            "sync" => Some(Self::SyncAssets { location: location()? }),
            "send" => Some(Self::SendRequests { location: location()? }),
            "ask" => Some(Self::PollEvents { location: location()? }),
            "confirm" => Some(Self::ReadDelta { location: location()? }),
            "look" => Some(Self::ReadBack { location: location()? }),
            "walk" => Some(Self::ReadAssignments { location: location()? }),
            "unfence" => Some(Self::ReleaseFences { location: location()? }),
            "members" => Some(Self::RefreshUsers { location: location()? }),
            "serve" => Some(Self::FillWaitlist { location: location()? }),
            "subscribe" => Some(Self::Subscribe { location: location()? }),
            "tell_catalog" => Some(Self::TellCatalog { adam_id: subject.parse().ok()? }),
            _ => None,
        }
    }

    /// The location that it is about, if it is about one.
    #[must_use]
    pub const fn location(&self) -> Option<&LocationId> {
        match self {
            Self::ClaimLocation { location }
            | Self::TakeOverLocation { location }
            | Self::SyncAssets { location }
            | Self::SendRequests { location }
            | Self::PollEvents { location }
            | Self::ReadDelta { location }
            | Self::ReadBack { location }
            | Self::ReadAssignments { location }
            | Self::ReleaseFences { location }
            | Self::RefreshUsers { location }
            | Self::FillWaitlist { location }
            | Self::Subscribe { location } => Some(location),
            Self::TellCatalog { .. } => None,
        }
    }
}

impl Job {
    /// Something that is due at a time, for the first time.
    #[must_use]
    pub const fn at(kind: JobKind, at: DateTime<Utc>) -> Self {
        Self { kind, at, generation: 0, tries: 0 }
    }
}

/// A due row that was looked at. It is deleted if nobody asked again since it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletedJob {
    /// What was looked at.
    pub kind: JobKind,
    /// The count that the row had when it was read.
    pub generation: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_again_by_its_key() {
        let location = LocationId::new("2049025000431439").unwrap();
        for kind in [
            JobKind::ClaimLocation { location: location.clone() },
            JobKind::TakeOverLocation { location: location.clone() },
            JobKind::SyncAssets { location: location.clone() },
            JobKind::SendRequests { location: location.clone() },
            JobKind::PollEvents { location: location.clone() },
            JobKind::ReadDelta { location: location.clone() },
            JobKind::ReadBack { location: location.clone() },
            JobKind::ReadAssignments { location: location.clone() },
            JobKind::ReleaseFences { location: location.clone() },
            JobKind::RefreshUsers { location: location.clone() },
            JobKind::FillWaitlist { location: location.clone() },
            JobKind::Subscribe { location },
            JobKind::TellCatalog { adam_id: AdamId::new(7) },
        ] {
            let (name, subject) = kind.key();
            assert_eq!(JobKind::from_key(name, &subject), Some(kind));
        }
        assert_eq!(JobKind::from_key("from a later version", "7"), None);
    }
}
