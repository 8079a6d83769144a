//! Jobs: work that is to be done at a time, and when one that failed is tried again.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    apple_error::ErrorNumber,
    id::{AdamId, LocationId},
    token::{ReadOnlyReason, RejectionKind, TokenObservation},
};

/// The longest wait between two tries of something that may pass by itself, in hours. Our choice: an outage of Apple
/// may last a day, and four calls a day are no burden.
const LONGEST_WAIT_HOURS: i64 = 6;

/// The wait between two tries with a token that Apple refuses, or does not let write, in hours. Our choice: only an
/// administrator can help, and a day later is soon enough to see that they did.
const PROBE_HOURS: i64 = 24;

/// Work to be done at a time. There is at most one job for each kind and subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What, and about what.
    pub kind: JobKind,
    /// When at the earliest, UTC.
    pub at: DateTime<Utc>,
    /// How often it was enqueued; the store counts. A job is completed only if this has not moved since it was loaded,
    /// so that what was enqueued while the job ran is done too.
    pub generation: u64,
    /// How often in a row it failed.
    pub tries: u32,
}

/// A job that was done. It is deleted if it was not enqueued again since it was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletedJob {
    /// What was done.
    pub kind: JobKind,
    /// The generation that the job had when it was loaded.
    pub generation: u64,
}

/// A call to Apple that failed, as far as decisions need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFailure {
    /// Apple's error number, if Apple answered with one.
    pub number: Option<ErrorNumber>,
    /// Apple's text, or what happened instead of an answer.
    pub message: String,
    /// How long Apple asked to wait.
    pub retry_after: Option<TimeDelta>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum JobKind {
    /// Claim a location that is not claimed.
    ClaimLocation {
        /// The location.
        location: LocationId,
    },
    /// Claim a location, also from another MDM server: an administrator asked for it.
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
    /// Read the assignments of seats about which nothing is known.
    ReadBack {
        /// The location.
        location: LocationId,
    },
    /// Read all assignments from the first page to the last.
    ReadAssignments {
        /// The location.
        location: LocationId,
    },
    /// Decide about the seats whose fences have passed.
    ReleaseFences {
        /// The location.
        location: LocationId,
    },
    /// Read, or register, the users for whom seats wait.
    RefreshUsers {
        /// The location.
        location: LocationId,
    },
    /// Give free licenses to the waitlist.
    FillWaitlist {
        /// The location.
        location: LocationId,
    },
    /// Tell Apple where to send notifications, and which.
    Subscribe {
        /// The location.
        location: LocationId,
    },
    /// Tell the embedder's catalog about an app.
    TellCatalog {
        /// The app.
        adam_id: AdamId,
    },
}

/// Makes the kind of job that is about a location.
type OfLocation = fn(LocationId) -> JobKind;

/// The kinds that are about a location: the name under which stores keep each, and what makes it.
const OF_LOCATIONS: [(&str, OfLocation); 12] = [
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
    /// A job at a time, enqueued for the first time.
    #[must_use]
    pub const fn at(kind: JobKind, at: DateTime<Utc>) -> Self {
        Self { kind, at, generation: 0, tries: 0 }
    }

    /// The job as done, for the store to complete.
    #[must_use]
    pub fn completed(&self) -> CompletedJob {
        CompletedJob { kind: self.kind.clone(), generation: self.generation }
    }

    /// The same job after a failed try: later each time, from one minute to six hours, never before Apple allows it.
    /// With a token that Apple refuses, once a day.
    #[must_use]
    pub fn after_failure(&self, failure: &CallFailure, now: DateTime<Utc>) -> Self {
        let wait = if failure.observation().is_some() {
            TimeDelta::hours(PROBE_HOURS)
        } else {
            // The bound on the shift only keeps it from overflowing: 2^10 minutes are longer than the longest wait.
            let doubled = TimeDelta::minutes(1i64 << self.tries.min(10));
            doubled.min(TimeDelta::hours(LONGEST_WAIT_HOURS))
        };
        self.tried_again(now, wait.max(failure.retry_after.unwrap_or_default()))
    }

    /// The same job a day later: an act that the token's status forbids for now.
    #[must_use]
    pub fn next_day(&self, now: DateTime<Utc>) -> Self {
        self.tried_again(now, TimeDelta::hours(PROBE_HOURS))
    }

    /// The same job after a while: it ran, and something is still to come.
    #[must_use]
    pub fn rescheduled_in(&self, now: DateTime<Utc>, wait: TimeDelta) -> Self {
        self.tried_again(now, wait)
    }

    fn tried_again(&self, now: DateTime<Utc>, wait: TimeDelta) -> Self {
        let at = now.checked_add_signed(wait).unwrap_or(now);
        Self { kind: self.kind.clone(), at, generation: 0, tries: self.tries.saturating_add(1) }
    }
}

impl CallFailure {
    /// What the failure says about the token, if it says something.
    #[must_use]
    pub fn observation(&self) -> Option<TokenObservation> {
        let number = self.number?;
        let message = self.message.clone();
        if let Some(meaning) = RejectionKind::of(number) {
            return Some(TokenObservation::Rejected { meaning, number, message });
        }
        ReadOnlyReason::of(number).map(|reason| TokenObservation::WriteRefused { reason, message })
    }
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

    fn wait_after(tries: u32, number: Option<u32>, retry_after: i64) -> TimeDelta {
        let now = DateTime::UNIX_EPOCH;
        let job = Job { tries, ..Job::at(JobKind::TellCatalog { adam_id: AdamId::new(1) }, now) };
        let failure = CallFailure {
            number: number.map(ErrorNumber),
            message: String::new(),
            retry_after: Some(TimeDelta::seconds(retry_after)),
        };
        job.after_failure(&failure, now).at - now
    }

    #[test]
    fn each_failure_waits_longer_up_to_six_hours_and_never_less_than_apple_asks() {
        let minutes = |tries| wait_after(tries, None, 0).num_minutes();
        assert_eq!([minutes(0), minutes(1), minutes(5), minutes(9), minutes(u32::MAX)], [1, 2, 32, 360, 360]);
        assert_eq!(wait_after(0, Some(9646), 7200).num_minutes(), 120);
    }

    #[test]
    fn a_refused_token_is_tried_once_a_day() {
        for number in [9621, 9622, 9625, 9601, 9637, 9645] {
            assert_eq!(wait_after(0, Some(number), 0).num_hours(), 24, "{number}");
        }
    }
}
