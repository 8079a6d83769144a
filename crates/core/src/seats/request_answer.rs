//! What Apple answers to a request, and which of its seats gets which event.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::{
    apple_error::{AppleError, ErrorClass},
    id::{AdamId, ClientUserId, SerialNumber},
    seats::{EventId, Half, Holder, Request, RequestState, SeatError, SeatEvent, SeatKey, SeatOutcome},
};

/// What happened to a request that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestEvent {
    /// Apple accepted it.
    Accepted {
        /// The id under which Apple does it.
        event_id: EventId,
        /// When the answer came, UTC.
        at: DateTime<Utc>,
    },
    /// Apple refused it as a whole and did nothing, as its documentation says of errors in the answer itself. Only for
    /// an answer that says so: an error number, or a status of 400 to 499. Anything else (no answer, a status of 500
    /// without a number) is [`RequestEvent::Lost`].
    Refused {
        /// What Apple said.
        refusal: RequestRefusal,
    },
    /// Apple says that all of it is done.
    Completed {
        /// The id that was asked for.
        event_id: EventId,
    },
    /// Apple says that not all of it is done.
    Failed {
        /// The id that was asked for.
        event_id: EventId,
        /// The errors that Apple named.
        failures: Vec<RequestFailure>,
    },
    /// No answer, an event id that Apple does not know (9708), or pending for more than 10 minutes.
    Lost {
        /// When it may have left for the last time, or was last reported as pending, whichever is later; UTC. For a
        /// session that died: the end of its lease.
        last_possible_send: DateTime<Utc>,
    },
}

/// A refusal of a request as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRefusal {
    /// What Apple said.
    pub error: AppleError,
    /// The HTTP status that carried it.
    pub http_status: u16,
    /// Which assets and holders were at fault, as far as Apple says.
    pub subjects: ErrorSubjects,
}

/// An error that concerns a part of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestFailure {
    /// What Apple said.
    pub error: AppleError,
    /// Whom it concerns.
    pub subjects: ErrorSubjects,
}

/// The assets and holders that Apple's `errorInfo` names. What is left empty is not restricted; all empty names no
/// seat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorSubjects {
    /// Assets.
    pub adam_ids: BTreeSet<AdamId>,
    /// Devices.
    pub serial_numbers: BTreeSet<SerialNumber>,
    /// Users.
    pub client_user_ids: BTreeSet<ClientUserId>,
}

/// What an event did to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestApplied {
    /// Nothing: it was known, or comes too late.
    Unchanged,
    /// The request is now so, and its seats have to be changed.
    Changed {
        /// The request.
        request: Request,
        /// An event for each seat that it concerns.
        events: Vec<(SeatKey, SeatEvent)>,
    },
}

/// Applies an event to a request. Total: an open request is answered once; what comes later changes nothing.
///
/// A refusal that names subjects gives these up and sends the others back to the queue. One that names no seat halves
/// the request: each half comes back in requests of its own, until the seat at fault is alone. One that no seat is at
/// fault for (the token, the rate, a passing failure) sends all back as they were.
#[must_use]
pub fn apply_to_request(request: &Request, event: &RequestEvent) -> RequestApplied {
    use RequestState as S;
    let next = match (&request.state, event) {
        (S::Written { .. }, RequestEvent::Accepted { event_id, at }) => {
            let state = S::Accepted { event_id: event_id.clone(), accepted_at: *at, asked_at: None };
            return RequestApplied::Changed { request: with(request, state), events: Vec::new() };
        }
        (S::Written { .. }, RequestEvent::Refused { refusal }) => {
            (S::Refused { error: refusal.error.clone() }, refused(request, refusal))
        }
        (S::Accepted { event_id: own, .. }, RequestEvent::Completed { event_id }) if own == event_id => {
            (S::Ended, request.seats().map(|seat| (seat, SeatOutcome::Completed)).collect())
        }
        (S::Accepted { event_id: own, .. }, RequestEvent::Failed { event_id, failures })
            if own == event_id =>
        {
            (S::Ended, failed(request, failures))
        }
        (S::Written { .. } | S::Accepted { .. }, RequestEvent::Lost { last_possible_send }) => {
            let outcome = SeatOutcome::Lost { last_possible_send: *last_possible_send };
            (S::Lost, request.seats().map(|seat| (seat, outcome.clone())).collect())
        }
        (
            S::Written { .. } | S::Accepted { .. } | S::Ended | S::Refused { .. } | S::Lost,
            RequestEvent::Accepted { .. }
            | RequestEvent::Refused { .. }
            | RequestEvent::Completed { .. }
            | RequestEvent::Failed { .. }
            | RequestEvent::Lost { .. },
        ) => return RequestApplied::Unchanged,
    };
    let (state, outcomes) = next;
    let answered =
        |outcome| SeatEvent::Answered { request: request.number, direction: request.direction, outcome };
    let outcomes: Vec<(SeatKey, SeatOutcome)> = outcomes;
    let events = outcomes.into_iter().map(|(seat, outcome)| (seat, answered(outcome))).collect();
    RequestApplied::Changed { request: with(request, state), events }
}

fn with(request: &Request, state: RequestState) -> Request {
    Request { state, ..request.clone() }
}

fn refused(request: &Request, refusal: &RequestRefusal) -> Vec<(SeatKey, SeatOutcome)> {
    let seats: Vec<_> = request.seats().collect();
    let error = SeatError::Apple { error: refusal.error.clone() };
    if !refusal.is_about_seats() {
        return seats.into_iter().map(|seat| (seat, SeatOutcome::SentBack { apart: None })).collect();
    }
    let named = |seat: &SeatKey| seats.len() == 1 || refusal.subjects.names(seat);
    if seats.iter().any(named) {
        let outcome = |seat: &SeatKey| match named(seat) {
            true => SeatOutcome::Refused { error: error.clone() },
            false => SeatOutcome::SentBack { apart: None },
        };
        return seats.iter().map(|seat| (seat.clone(), outcome(seat))).collect();
    }
    let first = seats.len().div_ceil(2);
    let half =
        |n| if n < first { Half::First { of: request.number } } else { Half::Second { of: request.number } };
    let halved = seats.iter().enumerate();
    halved.map(|(n, seat)| (seat.clone(), SeatOutcome::SentBack { apart: Some(half(n)) })).collect()
}

/// The seats that Apple named keep the first error that names them; of the others nothing is known.
fn failed(request: &Request, failures: &[RequestFailure]) -> Vec<(SeatKey, SeatOutcome)> {
    let error = |seat: &SeatKey| {
        let named = failures.iter().find(|failure| failure.subjects.names(seat))?;
        Some(SeatError::Apple { error: named.error.clone() })
    };
    request.seats().map(|seat| (seat.clone(), SeatOutcome::Failed { error: error(&seat) })).collect()
}

impl RequestRefusal {
    /// Whether seats are at fault: not for what concerns the token, the whole location or the moment.
    #[must_use]
    pub fn is_about_seats(&self) -> bool {
        match self.error.class(self.http_status) {
            ErrorClass::PermanentRequest | ErrorClass::NotEnoughLicenses | ErrorClass::Conflict => true,
            ErrorClass::TokenRefused
            | ErrorClass::TokenExpired
            | ErrorClass::Claimed
            | ErrorClass::RateLimited
            | ErrorClass::Transient
            | ErrorClass::NeedsPerson => false,
        }
    }
}

impl ErrorSubjects {
    /// Whether a seat is named.
    #[must_use]
    pub fn names(&self, seat: &SeatKey) -> bool {
        let no_holders = self.serial_numbers.is_empty() && self.client_user_ids.is_empty();
        let asset = self.adam_ids.is_empty() || self.adam_ids.contains(&seat.asset.adam_id);
        let holder = no_holders
            || match &seat.holder {
                Holder::Device { serial_number } => self.serial_numbers.contains(serial_number),
                Holder::User { client_user_id } => self.client_user_ids.contains(client_user_id),
            };
        asset && holder && !(self.adam_ids.is_empty() && no_holders)
    }
}

#[cfg(test)]
#[path = "request_answer_tests.rs"]
mod tests;
