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

/// The kinds that are about a location: the name under which stores keep each, and what makes it.
const OF_LOCATIONS: [(&str, fn(LocationId) -> JobKind); 12] = [
    ("claim_location", |location| JobKind::ClaimLocation { location }),
    ("take_over_location", |location| JobKind::TakeOverLocation { location }),
    ("sync_assets", |location| JobKind::SyncAssets { location }),
    ("send_requests", |location| JobKind::SendRequests { location }),
    ("poll_events", |location| JobKind::PollEvents { location }),
    ("read_delta", |location| JobKind::ReadDelta { location }),
    ("read_back", |location| JobKind::ReadBack { location }),
    ("read_assignments", |location| JobKind::ReadAssignments { location }),
    ("release_fences", |location| JobKind::ReleaseFences { location }),
    ("refresh_users", |location| JobKind::RefreshUsers { location }),
    ("fill_waitlist", |location| JobKind::FillWaitlist { location }),
    ("subscribe", |location| JobKind::Subscribe { location }),
];

const TELL_CATALOG: &str = "tell_catalog";

impl JobKind {
    /// The name and the subject under which stores keep the job. Both are stable.
    #[must_use]
    pub fn key(&self) -> (&'static str, String) {
        let name = match self {
            Self::ClaimLocation { .. } => "claim_location",
            Self::TakeOverLocation { .. } => "take_over_location",
            Self::SyncAssets { .. } => "sync_assets",
            Self::SendRequests { .. } => "send_requests",
            Self::PollEvents { .. } => "poll_events",
            Self::ReadDelta { .. } => "read_delta",
            Self::ReadBack { .. } => "read_back",
            Self::ReadAssignments { .. } => "read_assignments",
            Self::ReleaseFences { .. } => "release_fences",
            Self::RefreshUsers { .. } => "refresh_users",
            Self::FillWaitlist { .. } => "fill_waitlist",
            Self::Subscribe { .. } => "subscribe",
            Self::TellCatalog { adam_id } => return (TELL_CATALOG, adam_id.to_string()),
        };
        (name, self.location().map(ToString::to_string).unwrap_or_default())
    }

    /// The kind behind a name and a subject, or `None` when this version does not know it.
    #[must_use]
    pub fn from_key(name: &str, subject: &str) -> Option<Self> {
        if name == TELL_CATALOG {
            return Some(Self::TellCatalog { adam_id: subject.parse().ok()? });
        }
        let (_, of_location) = OF_LOCATIONS.iter().find(|(known, _)| *known == name)?;
        Some(of_location(LocationId::new(subject).ok()?))
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
        let of_locations = OF_LOCATIONS.map(|(_, of_location)| of_location(location.clone()));
        for kind in of_locations.into_iter().chain([JobKind::TellCatalog { adam_id: AdamId::new(7) }]) {
            let (name, subject) = kind.key();
            assert_eq!(JobKind::from_key(name, &subject), Some(kind));
        }
        assert_eq!(JobKind::from_key("from a later version", "7"), None);
    }
}
