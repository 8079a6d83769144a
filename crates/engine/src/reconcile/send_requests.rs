//! The job `SendRequests`: queued seats become requests. Each is written and committed, then sent once, and its answer is
//! saved in another transaction.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    apple_error::AppleError,
    decide::assignments::decide_write_request,
    seats::{ErrorSubjects, NextAction, Request, RequestEvent, RequestRefusal},
    transaction::{Job, LINGER_SECONDS},
};
use mdm_vpp_ports::{ManageAssets, Seats, ServiceError};

use super::record_answer::record_answer;
use crate::{
    context::{later, seats_scope},
    sessions::{JobOutcome, LocationSession, SessionError},
};

/// Queued seats that are loaded to pack one request. Our choice: more than a request holds, so that it is filled well.
const SEATS_FOR_A_REQUEST: usize = 100_000;

/// Sends what is queued now, until Apple refuses the token, the rate or the moment. Seats that are queued meanwhile linger
/// first, so that a stream of assignments shares requests and does not keep polls and reads waiting.
pub(crate) async fn send_requests(
    session: &mut LocationSession<'_>,
    job: &Job,
) -> Result<JobOutcome, SessionError> {
    let begun_at = session.now();
    if let Some(at) = lingers_until(session, begun_at).await? {
        return Ok(JobOutcome::Requeue(Job { at, tries: 0, ..job.clone() }));
    }
    loop {
        session.renew_lease().await?;
        // The permit comes before the write: between the commit and the call nothing is waited for, so the fence that a
        // lost request gets counts from close to its send.
        session.permit_write().await?;
        // In this order: a process that dies, or a store that fails, after the mark leaves a location to be cleaned up.
        session.sessions().request_written(session.lease());
        let Some(request) = write_request(session, begun_at).await? else {
            session.sessions().answer_saved(session.lease());
            return Ok(JobOutcome::Done);
        };
        if let Err(lease_lost) = session.expect_to_outlast_a_call() {
            // The commit took long. The request has not left, so its seats are queued again and not fenced.
            let refusal = not_sent("the lease is about to end".to_owned());
            record_answer(session, request.number, RequestEvent::Refused { refusal }).await?;
            return Err(lease_lost.into());
        }
        let manage_assets = ManageAssets {
            direction: request.direction,
            assets: request.assets.clone(),
            holders: request.holders.clone(),
        };
        let answer = session.service().manage_assets(session.secret(), &manage_assets).await;
        let now = session.now();
        match answer.map_err(|error| session.heed(error)) {
            Ok(accepted) => {
                let event = RequestEvent::Accepted { event_id: accepted.event_id, at: now };
                record_answer(session, request.number, event).await?;
            }
            Err(error) => {
                let (event, others_may_go) = event_of(&error, now);
                record_answer(session, request.number, event).await?;
                if !others_may_go {
                    return Err(error.into());
                }
            }
        }
    }
}

/// Until when the oldest of the queued seats waits for others to share its request; `None` when it waits no more, or
/// nothing is queued.
async fn lingers_until(
    session: &LocationSession<'_>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, SessionError> {
    let oldest = Seats::WithNextAction([NextAction::Send].into(), 1);
    let rows = session.load(session.scope().seats(oldest)).await?;
    let queued_at = rows.and_then(|rows| rows.seats.into_values().next()).map(|seat| seat.touched_at);
    // What was queued before the clock jumped back waits no more.
    let queued_at = queued_at.filter(|queued_at| *queued_at <= now);
    let until = queued_at.map(|queued_at| later(queued_at, TimeDelta::seconds(LINGER_SECONDS)));
    Ok(until.filter(|until| *until > now))
}

/// Writes and commits the best request for the seats that were queued by a time.
async fn write_request(
    session: &LocationSession<'_>,
    queued_by: DateTime<Utc>,
) -> Result<Option<Request>, SessionError> {
    let queued = Seats::WithNextAction([NextAction::Send].into(), SEATS_FOR_A_REQUEST);
    let (epoch, limits, now) = (session.lease().epoch, session.limits().pack, session.now());
    let decide = move |rows: &_| decide_write_request(rows, epoch, &limits, queued_by, 1, now);
    let written: Vec<Request> = session.decide(seats_scope(session.lease(), queued), decide).await?;
    Ok(written.into_iter().next())
}

/// A refusal that is no seat's fault: the request did not leave.
fn not_sent(message: String) -> RequestRefusal {
    RequestRefusal {
        error: AppleError { number: None, message },
        http_status: 503,
        subjects: ErrorSubjects::default(),
    }
}

/// What a failed call says of its request, and whether other requests may still be sent.
fn event_of(error: &ServiceError, now: DateTime<Utc>) -> (RequestEvent, bool) {
    if error.may_have_arrived() {
        return (RequestEvent::Lost { last_possible_send: now }, false);
    }
    let refusal = error.refusal().unwrap_or_else(|| not_sent(error.to_string()));
    let about_seats = refusal.is_about_seats();
    (RequestEvent::Refused { refusal }, about_seats)
}
