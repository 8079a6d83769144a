//! Sending: queued seats become requests; each is committed, sent once, and its answer taken in.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    apple_error::AppleError,
    decide::assignments::{decide_record_answer, decide_write_request},
    plan::Call,
    seats::{ErrorSubjects, NextAction, Request, RequestEvent, RequestNumber, RequestRefusal},
    transaction::{Job, LINGER_SECONDS},
};
use mdm_vpp_ports::{LocationScope, ManageAssets, Requests, Seats, ServiceError, StoreError};

use super::{
    calls::{JobOutcome, SessionError, session_error},
    location_session::LocationSession,
    pace::later,
    scopes,
};

/// So many queued seats are looked at for one request: more than it can hold, so that it is filled well.
const LOOKED_AT: usize = 100_000;
/// After so many seconds it is tried again to save what Apple answered.
const HEARING_WAITS_SECONDS: [i64; 2] = [1, 5];

impl LocationSession<'_> {
    /// Sends what is queued now, unless Apple refuses the token, the rate or the moment. What is queued meanwhile
    /// lingers first, so that a stream of wishes shares requests and does not keep questions and readings waiting.
    pub(super) async fn send_requests(&mut self, due: &Job) -> Result<JobOutcome, SessionError> {
        let begun_at = self.parts.clock.now();
        if let Some(at) = self.lingers_until(begun_at).await? {
            return Ok(JobOutcome::Requeue(Job { at, tries: 0, ..due.clone() }));
        }
        loop {
            self.renew_lease().await?;
            // The permit comes first: between the commit and the call nothing is waited for.
            self.parts.permit(&self.lease, self.limits.pace, Call::Write).await?;
            self.parts.sessions.request_written(self.location());
            let Some(request) = self.write(begun_at).await? else {
                self.parts.sessions.answer_saved(self.location());
                return Ok(JobOutcome::Done);
            };
            if !self.outlasts_a_call() {
                // The commit took so long that another session may have begun when the call ends.
                let not_sent = not_sent("the lease is about to end".to_owned());
                self.record_answer(request.number, RequestEvent::Refused { refusal: not_sent }).await?;
                return Err(StoreError::LeaseLost { location: self.location().clone() }.into());
            }
            let order = ManageAssets {
                direction: request.direction,
                assets: request.assets.clone(),
                holders: request.holders.clone(),
            };
            let answer = self.service.manage_assets(&self.secret, &order).await;
            let now = self.parts.clock.now();
            match answer.map_err(|error| self.heeding(error)) {
                Ok(accepted) => {
                    let event = RequestEvent::Accepted { event_id: accepted.event_id, at: now };
                    self.record_answer(request.number, event).await?;
                }
                Err(error) => {
                    let (event, others_may_go) = heard(&error, now);
                    self.record_answer(request.number, event).await?;
                    if !others_may_go {
                        return Err(session_error(error));
                    }
                }
            }
        }
    }

    /// Until when the oldest of the queued seats waits for others; `None` when it waits no more, or nothing is queued.
    async fn lingers_until(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, SessionError> {
        let oldest = Seats::WithNextAction([NextAction::Send].into(), 1);
        let scope = LocationScope { seats: oldest, ..scopes::location_scope(self.location(), None) };
        let rows = self.parts.load_location(self.tenant, scope).await?;
        let queued_at = rows.and_then(|rows| rows.seats.into_values().next()).map(|seat| seat.touched_at);
        // What was queued before the clock jumped back waits no more.
        let queued_at = queued_at.filter(|queued_at| *queued_at <= now);
        let until = queued_at.map(|queued_at| later(queued_at, TimeDelta::seconds(LINGER_SECONDS)));
        Ok(until.filter(|until| *until > now))
    }

    /// Commits the best request that the queue is good for, as it was then.
    async fn write(&self, queued_by: DateTime<Utc>) -> Result<Option<Request>, SessionError> {
        let queued = Seats::WithNextAction([NextAction::Send].into(), LOOKED_AT);
        let (epoch, limits, now) = (self.lease.epoch, self.limits.pack, self.parts.clock.now());
        let decide = move |rows: &_| decide_write_request(rows, epoch, &limits, queued_by, 1, now);
        let scope = scopes::seats_scope(&self.lease, queued);
        let written: Vec<Request> = self.decide(scope, decide).await?;
        Ok(written.into_iter().next())
    }

    /// Takes in what was heard of a request. What Apple said is worth some tries.
    pub(super) async fn record_answer(
        &self,
        number: RequestNumber,
        event: RequestEvent,
    ) -> Result<(), SessionError> {
        let mut waits = HEARING_WAITS_SECONDS.iter();
        loop {
            let scope = scopes::requests_scope(&self.lease, Requests::One(number), Seats::OfRequests);
            let (event, now) = (event.clone(), self.parts.clock.now());
            let saved = self.save(scope, move |rows| decide_record_answer(rows, number, &event, now)).await;
            match (saved, waits.next()) {
                (Ok(()), _) => {
                    self.parts.sessions.answer_saved(self.location());
                    return Ok(());
                }
                (Err(StoreError::Busy | StoreError::Backend { .. }), Some(seconds)) => {
                    let until = later(self.parts.clock.now(), TimeDelta::seconds(*seconds));
                    self.parts.timer.wait_until(until).await;
                }
                (Err(error), _) => return Err(error.into()),
            }
        }
    }
}

/// A request that did not leave, so no seat is to blame.
fn not_sent(message: String) -> RequestRefusal {
    RequestRefusal {
        error: AppleError { number: None, message },
        http_status: 503,
        subjects: ErrorSubjects::default(),
    }
}

/// What a failed call says of its request, and whether other requests may still go.
fn heard(error: &ServiceError, now: DateTime<Utc>) -> (RequestEvent, bool) {
    if error.may_have_arrived() {
        return (RequestEvent::Lost { last_possible_send: now }, false);
    }
    let refusal = error.refusal().unwrap_or_else(|| not_sent(error.to_string()));
    let about_seats = refusal.is_about_seats();
    (RequestEvent::Refused { refusal }, about_seats)
}
