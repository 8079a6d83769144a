//! Answers: what Apple says of a request reaches each of its seats, whether it was asked, notified us, or the location
//! session died.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    catalog::AssetKey,
    location::{LocationChanges, LocationRows, NotifiedEvent},
    seats::{
        Direction, Epoch, EventId, Holder, Request, RequestApplied, RequestEvent, RequestNumber,
        RequestState, apply_to_request,
    },
    transaction::{Decision, DecisionBuilder, JobKind, whole_microseconds},
};

/// Delay between Apple's acceptance of a request and the first status poll, in seconds. Our choice: Apple mostly needs
/// a few.
const FIRST_POLL_SECONDS: i64 = 5;

/// Delay before the first status poll when the location is subscribed to notifications, in seconds. Apple recommends
/// five minutes; we poll after one, because a lost notification would hold up an install.
const FIRST_POLL_SECONDS_WHEN_SUBSCRIBED: i64 = 60;

/// Delay between two status polls of a request that is still pending, in seconds. Apple's documentation.
const NEXT_POLL_SECONDS: i64 = 30;

/// Applies an answer to a request and to its seats. One that is late or known changes nothing.
///
/// `rows` has to hold the request, its seats, their pools and the rows of their users.
#[must_use]
pub fn decide_record_answer(
    rows: &LocationRows,
    number: RequestNumber,
    event: &RequestEvent,
    now: DateTime<Utc>,
) -> Decision {
    let mut builder = DecisionBuilder::new(rows, now);
    record_answer(rows, &mut builder, number, event, now);
    builder.finish()
}

/// Records that Apple was asked for a request and said that it is pending.
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
    let location = LocationChanges { requests: asked.into_iter().collect(), ..LocationChanges::default() };
    Decision { location, ..Decision::default() }
}

/// Takes as lost what a session of an earlier lease wrote and got no answer for: it may have been sent, until the end
/// of that lease at the latest.
///
/// `rows` has to hold the open requests, their seats, their pools and the rows of their users. Those that Apple
/// accepted are polled, because their event ids are known.
#[must_use]
pub fn decide_orphans(
    rows: &LocationRows,
    epoch: Epoch,
    last_possible_send: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Decision {
    let mut builder = DecisionBuilder::new(rows, now);
    for request in &rows.requests {
        match request.state {
            RequestState::Written { epoch: of } if of < epoch => {
                let lost = RequestEvent::Lost { last_possible_send };
                record_answer(rows, &mut builder, request.number, &lost, now);
            }
            RequestState::Accepted { .. } => {
                builder.enqueue(JobKind::PollEvents { location: request.location.clone() }, now);
            }
            _ => {}
        }
    }
    builder.finish()
}

/// Takes as complete what notifications name as a whole: requests that assign licenses. A delta read that begins
/// afterwards confirms each of them. Requests that take licenses back are polled, because no delta read shows what is
/// gone.
///
/// `rows` has to hold the open requests, their seats, their pools, the rows of their users, and the notified events.
#[must_use]
pub fn decide_apply_notifications(rows: &LocationRows, now: DateTime<Utc>) -> Decision {
    let mut notified: BTreeMap<&EventId, Vec<&NotifiedEvent>> = BTreeMap::new();
    for event in &rows.notified_events {
        notified.entry(&event.event_id).or_default().push(event);
    }
    let mut builder = DecisionBuilder::new(rows, now);
    for request in &rows.requests {
        let RequestState::Accepted { event_id, .. } = &request.state else { continue };
        let is_named = notified.get(event_id).is_some_and(|events| name_all(request, events));
        if is_named && request.direction == Direction::Associate {
            let completed = RequestEvent::Completed { event_id: event_id.clone() };
            record_answer(rows, &mut builder, request.number, &completed, now);
        }
    }
    builder.finish()
}

/// When Apple is asked for a request next, UTC, in whole microseconds, as stores keep the times of jobs; `None` when
/// Apple accepted no request, or said already how it ended.
///
/// A notification that no delta read can confirm is asked about at once, and once: that licenses were taken back, or
/// that something failed. After an answer that it is pending, the request is polled as often as any.
#[must_use]
pub fn next_poll_at(
    request: &Request,
    subscribed: bool,
    notified: &[NotifiedEvent],
) -> Option<DateTime<Utc>> {
    let RequestState::Accepted { event_id, accepted_at, asked_at } = &request.state else { return None };
    let raises_a_question = |event: &NotifiedEvent| {
        let nothing_to_confirm = request.direction == Direction::Disassociate || event.listed.is_empty();
        event.event_id == *event_id && nothing_to_confirm
    };
    let first = if notified.iter().any(raises_a_question) {
        0
    } else if subscribed {
        FIRST_POLL_SECONDS_WHEN_SUBSCRIBED
    } else {
        FIRST_POLL_SECONDS
    };
    let (from, seconds) = match asked_at {
        Some(asked_at) => (asked_at, NEXT_POLL_SECONDS),
        None => (accepted_at, first),
    };
    let at = from.checked_add_signed(TimeDelta::seconds(seconds)).unwrap_or(*from);
    Some(whole_microseconds(at))
}

fn record_answer(
    rows: &LocationRows,
    builder: &mut DecisionBuilder<'_>,
    number: RequestNumber,
    event: &RequestEvent,
    now: DateTime<Utc>,
) {
    let Some(request) = rows.requests.iter().find(|request| request.number == number) else { return };
    let RequestApplied::Changed { request, events } = apply_to_request(request, event) else { return };
    if let Some(at) = next_poll_at(&request, rows.state.subscribed, &rows.notified_events) {
        builder.enqueue(JobKind::PollEvents { location: request.location.clone() }, at);
    }
    let given_back = request.direction == Direction::Disassociate && request.state == RequestState::Ended;
    if given_back {
        builder.enqueue(JobKind::FillWaitlist { location: request.location.clone() }, now);
    }
    builder.put_request(request);
    for (seat, event) in events {
        builder.apply_event(&seat, &event);
    }
}

/// Whether the events of a request name each of its assets for each of its holders: Apple may notify of one request in
/// several parts.
fn name_all(request: &Request, events: &[&NotifiedEvent]) -> bool {
    let mut named: BTreeMap<&AssetKey, BTreeSet<Holder>> = BTreeMap::new();
    for listed in events.iter().flat_map(|event| &event.listed) {
        named.entry(&listed.asset).or_default().extend(listed.holders());
    }
    let holders = request.holders.each();
    request.assets.iter().all(|asset| {
        named.get(asset).is_some_and(|named| holders.iter().all(|holder| named.contains(holder)))
    })
}
