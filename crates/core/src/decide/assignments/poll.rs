//! When Apple is asked how far a request is.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    location::{LocationChanges, LocationRows, NotifiedEvent},
    transaction::whole_microseconds,
};
use crate::{
    seats::{Direction, Request, RequestNumber, RequestState},
    transaction::Decision,
};

/// So long after it was accepted a request is asked for first, in seconds. Our choice: Apple mostly needs a few.
const FIRST_AFTER_SECONDS: i64 = 5;

/// So long it is when Apple tells us by itself, in seconds. Our choice: Apple's documentation says five minutes, but a
/// notification that was lost should not hold an install up for so long.
const FIRST_AFTER_SECONDS_WHEN_SUBSCRIBED: i64 = 60;

/// So long lies between two questions about one that is still pending, in seconds. Apple's documentation.
const AGAIN_AFTER_SECONDS: i64 = 30;

/// When Apple is asked for a request next, UTC, in whole microseconds, as stores keep what is due; `None` when it
/// accepted none, or said already how it ended.
///
/// A notification that no delta can confirm is asked about at once, and once: that licenses were taken back, or that
/// something failed. After an answer that it is pending, the request is asked for as often as any.
#[must_use]
pub fn next_poll_at(request: &Request, subscribed: bool, notices: &[NotifiedEvent]) -> Option<DateTime<Utc>> {
    let RequestState::Accepted { event_id, accepted_at, asked_at } = &request.state else { return None };
    let raises_a_question = |notice: &NotifiedEvent| {
        let nothing_to_confirm = request.direction == Direction::Disassociate || notice.listed.is_empty();
        notice.event_id == *event_id && nothing_to_confirm
    };
    let first = if notices.iter().any(raises_a_question) {
        0
    } else if subscribed {
        FIRST_AFTER_SECONDS_WHEN_SUBSCRIBED
    } else {
        FIRST_AFTER_SECONDS
    };
    let (from, seconds) = match asked_at {
        Some(asked_at) => (asked_at, AGAIN_AFTER_SECONDS),
        None => (accepted_at, first),
    };
    let at = from.checked_add_signed(TimeDelta::seconds(seconds)).unwrap_or(*from);
    Some(whole_microseconds(at))
}

/// Keeps that Apple was asked for a request and said that it is pending.
///
/// `rows` has to hold the request.
#[must_use]
pub fn decide_record_pending(rows: &LocationRows, number: RequestNumber, now: DateTime<Utc>) -> Decision {
    let found = rows.requests.iter().find(|request| request.number == number);
    let asked = found.and_then(|request| match &request.state {
        RequestState::Accepted { event_id, accepted_at, .. } => {
            let (event_id, accepted_at) = (event_id.clone(), *accepted_at);
            let state = RequestState::Accepted { event_id, accepted_at, asked_at: Some(now) };
            Some(Request { state, ..request.clone() })
        }
        _ => None,
    });
    let talk = LocationChanges { requests: asked.into_iter().collect(), ..LocationChanges::default() };
    Decision { location: talk, ..Decision::default() }
}
