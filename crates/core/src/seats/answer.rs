//! What can happen to a seat: wishes, answers of Apple, readings, notifications.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::seats::{Desired, Direction, Half, RequestNumber, SeatError};

/// What can happen to a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SeatEvent {
    /// Something else is desired, or for another reason.
    DesiredChanged {
        /// What.
        desired: Desired,
    },
    /// The session put it into a request. Committed before anything is sent.
    Written {
        /// The request.
        request: RequestNumber,
    },
    /// Its request is over.
    Answered {
        /// The request.
        request: RequestNumber,
        /// The request's direction.
        direction: Direction,
        /// How it ended for this seat.
        outcome: SeatOutcome,
    },
    /// A reading listed the license: a page of a walk or of a delta, or the assignments of its holder.
    Listed {
        /// When the reading began, UTC: before its first request left.
        begun_at: DateTime<Utc>,
    },
    /// A reading that was read to its end, and had to list the license if it is there, did not. Never a delta.
    NotListed {
        /// When the reading began, UTC: before its first request left.
        begun_at: DateTime<Utc>,
    },
    /// Apple notified us of a license that went one way. A hint, for notifications come late, twice and in any order.
    Noticed {
        /// Which way.
        direction: Direction,
    },
    /// A person asks for it again, or the time for another try has come, after it was given up.
    TryAgain,
}

/// How a request ended for one of its seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SeatOutcome {
    /// Apple refused the request as a whole and did nothing; it was not the seat's fault, as far as is known.
    SentBack {
        /// With whom it may share the next request.
        apart: Option<Half>,
    },
    /// Apple refused the request as a whole and did nothing, because of this seat.
    Refused {
        /// Why.
        error: SeatError,
    },
    /// Apple says that all of the request is done.
    Completed,
    /// Apple says that not all of the request is done.
    Failed {
        /// Why, if Apple named this seat.
        error: Option<SeatError>,
    },
    /// Nobody knows, and Apple may still run it: no answer, an unknown event id, or pending for too long.
    Lost {
        /// When the request may have left for the last time, or was last reported as pending, whichever is later; UTC.
        last_possible_send: DateTime<Utc>,
    },
}
