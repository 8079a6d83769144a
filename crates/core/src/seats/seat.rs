//! A seat: whether a holder shall have a license, what is known about it, and what is under way.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::seats::{AssignReason, Desired, Direction, RequestNumber, SeatError, SeatKey};

/// So long after it was sent for the last time a request that was not answered may still be run by Apple, in minutes.
///
/// Our choice: Apple says that a request still pending after 10 minutes should be sent again, so it does not promise
/// that the first one is dead then.
pub const QUIET_MINUTES: i64 = 15;

/// One asset of one location for one holder.
///
/// All times are of one clock, the store's: `touched_at` is compared with the moment at which a reading began.
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
    /// When something last changed what may be true at Apple, UTC. A reading that began no later says nothing.
    pub touched_at: DateTime<Utc>,
}

/// What is known of Apple's side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Observed {
    /// Nothing that can be relied on.
    Unknown,
    /// There is no license: a request to take it back is complete, or a full reading did not list it.
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
    /// It waits for the session to put it into a request. Nothing was sent.
    Queued {
        /// With whom it may share a request, after one that Apple refused without saying whose fault it was.
        apart: Option<Half>,
    },
    /// It is in a request that may have been sent.
    InRequest {
        /// The request, within the location.
        request: RequestNumber,
    },
    /// It failed for a reason of its own and is left until somebody asks again or wants the opposite.
    GivenUp {
        /// Why.
        error: SeatError,
    },
}

/// A half of a request that Apple refused as a whole without saying whose fault it was. Seats of one half may share a
/// request with each other and with nobody else, so that the culprit is found.
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

/// A lost request may still be run by Apple: until then nothing goes the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fence {
    /// The direction of the lost request.
    pub direction: Direction,
    /// When Apple certainly runs it no more, UTC.
    pub until: DateTime<Utc>,
}

impl Seat {
    /// A seat that nobody has looked at or sent anything about.
    ///
    /// Give [`Observed::Absent`] when the location's assignments were read as a whole and did not list it, so that
    /// nothing has to be read before the first request; else [`Observed::Unknown`].
    #[must_use]
    pub const fn new(key: SeatKey, want: Desired, seen: Observed, now: DateTime<Utc>) -> Self {
        Self {
            key,
            desired: want,
            observed: seen,
            progress: Progress::Idle,
            fence: None,
            tries: 0,
            touched_at: now,
        }
    }

    /// A license that Apple listed in a reading that began at a time, and that no seat stands for.
    #[must_use]
    pub const fn foreign(key: SeatKey, begun_at: DateTime<Utc>) -> Self {
        Self::new(key, Desired::Assigned { because: AssignReason::Foreign }, Observed::Assigned, begun_at)
    }

    /// Whether it is ours. A foreign seat becomes ours by wanting it for a reason of ours.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        !matches!(self.desired, Desired::Assigned { because: AssignReason::Foreign })
    }

    /// Whether it counts as taken in its pool: it is wanted, or not surely absent.
    #[must_use]
    pub fn is_occupied(&self) -> bool {
        self.desired.is_assigned()
            || self.observed != Observed::Unassigned
            || !self.is_at_rest()
            || self.fence.is_some()
    }

    /// Whether a device may be told to install with this license: it is wanted by us, was read as present, and nothing
    /// that was sent can take it away. [`Observed::Told`] is not enough (observed in the wild: requests reported as complete
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

impl Observed {
    /// Whether it is what a request in this direction would bring about.
    #[must_use]
    pub const fn agrees_with(self, direction: Direction) -> bool {
        match direction {
            Direction::Associate => matches!(self, Self::Reported | Self::Assigned),
            Direction::Disassociate => matches!(self, Self::Unassigned),
        }
    }
}

impl Fence {
    /// The fence around a request that was lost.
    #[must_use]
    pub fn around(direction: Direction, last_possible_send: DateTime<Utc>) -> Self {
        let quiet = TimeDelta::minutes(QUIET_MINUTES);
        let until = last_possible_send.checked_add_signed(quiet).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Self { direction, until }
    }

    /// Whether it has passed.
    #[must_use]
    pub fn has_passed(&self, now: DateTime<Utc>) -> bool {
        now >= self.until
    }
}
