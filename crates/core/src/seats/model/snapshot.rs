//! All that there is in the model at one moment: our rows, and Apple.

use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::seats::{Desired, Direction, Progress, Request, RequestState, Seat, testing};

/// The moment from which the times of a state are counted.
pub(super) fn base() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

/// How many reads may be under way at once.
pub(super) const READS: usize = 2;

#[derive(Debug, Clone)]
pub(super) struct Snapshot {
    pub(super) now: DateTime<Utc>,
    /// Whether a license is desired.
    pub(super) is_desired: bool,
    pub(super) seat: Option<Rc<Seat>>,
    /// The request that is under way; those that are over have no say.
    pub(super) request: Option<Rc<Request>>,
    pub(super) apple: Apple,
    pub(super) reads: [Option<Read>; READS],
    /// Whether fences are kept. Without them the model has to fail.
    pub(super) fences: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Apple {
    /// Whether the license is assigned.
    pub(super) assigned: bool,
    /// The copy of the request that is under way, if it was sent.
    pub(super) copy: Option<Copy>,
    /// Until when a lost request of a direction may be run.
    pub(super) late: [Option<DateTime<Utc>>; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Copy {
    pub(super) ran: bool,
    pub(super) end: Option<End>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Complete,
    FailedBySeat,
    FailedUnnamed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Read {
    pub(super) begun_at: DateTime<Utc>,
    pub(super) found: Option<bool>,
}

pub(super) const DIRECTIONS: [Direction; 2] = [Direction::Associate, Direction::Disassociate];

pub(super) fn index(direction: Direction) -> usize {
    usize::from(direction == Direction::Disassociate)
}

impl Snapshot {
    pub(super) fn first(fences: bool) -> Self {
        let apple = Apple { assigned: false, copy: None, late: [None; 2] };
        Self {
            now: base(),
            is_desired: false,
            seat: None,
            request: None,
            apple,
            reads: [None; READS],
            fences,
        }
    }

    pub(super) fn desired(&self) -> Desired {
        if self.is_desired { testing::HOLD } else { testing::FREE }
    }

    pub(super) fn is_accepted(&self) -> bool {
        self.request.as_ref().is_some_and(|request| matches!(request.state, RequestState::Accepted { .. }))
    }

    /// Whether Apple may still run, or be sent, something of this direction.
    pub(super) fn is_live(&self, direction: Direction) -> bool {
        let under_way = self.request.as_ref().is_some_and(|request| request.direction == direction)
            && self.apple.copy.is_none_or(|copy| copy.end.is_none());
        under_way || self.may_run_late(direction)
    }

    pub(super) fn may_run_late(&self, direction: Direction) -> bool {
        self.apple.late[index(direction)].is_some_and(|until| until > self.now)
    }

    /// The next time that anything depends on.
    pub(super) fn next_time(&self) -> Option<DateTime<Utc>> {
        let fence = self.seat.as_ref().and_then(|seat| seat.fence).map(|fence| fence.until);
        let times = self.apple.late.into_iter().flatten().chain(fence);
        times.filter(|time| *time > self.now).min()
    }

    pub(super) fn is_given_up(&self) -> bool {
        self.seat.as_ref().is_some_and(|seat| matches!(seat.progress, Progress::GivenUp { .. }))
    }
}

pub(super) fn moment() -> TimeDelta {
    TimeDelta::milliseconds(1)
}
