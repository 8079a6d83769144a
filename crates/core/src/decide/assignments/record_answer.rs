//! Answers: what is heard of a request reaches each of its seats.

use chrono::{DateTime, Utc};

use crate::{decide::assignments::next_poll_at, location::LocationRows, transaction::DecisionBuilder};
use crate::{
    seats::{Direction, Epoch, RequestApplied, RequestEvent, RequestNumber, RequestState, apply_to_request},
    transaction::{Decision, JobKind},
};

/// Applies what was heard of a request to it and to its seats. What is late or known changes nothing.
///
/// `rows` has to hold the request, its seats, their pools and the users of their users.
#[must_use]
pub fn decide_record_answer(
    rows: &LocationRows,
    number: RequestNumber,
    event: &RequestEvent,
    now: DateTime<Utc>,
) -> Decision {
    let mut ledger = DecisionBuilder::open(rows, now);
    record_answer(rows, &mut ledger, number, event, now);
    ledger.close()
}

/// Takes as lost what a session of an earlier lease wrote and did not hear of: it may have been sent, until the end of
/// that lease at the latest.
///
/// `rows` has to hold the open requests, their seats, their pools and the users of their users. Those that Apple
/// accepted are asked for, for their ids are known.
#[must_use]
pub fn decide_orphans(
    rows: &LocationRows,
    epoch: Epoch,
    last_possible_send: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Decision {
    let mut ledger = DecisionBuilder::open(rows, now);
    for request in &rows.requests {
        match request.state {
            RequestState::Written { epoch: of } if of < epoch => {
                let lost = RequestEvent::Lost { last_possible_send };
                record_answer(rows, &mut ledger, request.number, &lost, now);
            }
            RequestState::Accepted { .. } => {
                ledger.enqueue(JobKind::PollEvents { location: request.location.clone() }, now);
            }
            _ => {}
        }
    }
    ledger.close()
}

pub(super) fn record_answer(
    rows: &LocationRows,
    ledger: &mut DecisionBuilder<'_>,
    number: RequestNumber,
    event: &RequestEvent,
    now: DateTime<Utc>,
) {
    let Some(request) = rows.requests.iter().find(|request| request.number == number) else { return };
    let RequestApplied::Changed { request, events } = apply_to_request(request, event) else { return };
    if let Some(at) = next_poll_at(&request, rows.state.subscribed, &rows.notified_events) {
        ledger.enqueue(JobKind::PollEvents { location: request.location.clone() }, at);
    }
    let given_back = request.direction == Direction::Disassociate && request.state == RequestState::Ended;
    if given_back {
        ledger.enqueue(JobKind::FillWaitlist { location: request.location.clone() }, now);
    }
    ledger.changes.requests.push(request);
    for (seat, event) in events {
        ledger.happen(&seat, &event);
    }
}
