//! The job `PollEvents`: Apple is asked how far the requests are that it accepted.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    apple_error::ErrorClass,
    decide::assignments::{decide_record_pending, next_poll_at},
    location::LocationRows,
    seats::{EventId, Request, RequestEvent, RequestNumber},
    transaction::Job,
};
use mdm_vpp_ports::{EventStatus, Requests, ServiceError, ServiceErrorKind};

use super::{open_token::rejects_token, record_answer::record_answer};
use crate::{
    context::{Failure, leased_scope},
    sessions::{JobOutcome, LocationSession, SessionError},
};

/// Apple's number for "unknown event id": Apple may or may not have carried it out.
const UNKNOWN_EVENT: u32 = 9708;

/// Polls the events of accepted requests whose time has come.
pub(crate) async fn poll_events(
    session: &mut LocationSession<'_>,
    job: &Job,
) -> Result<JobOutcome, SessionError> {
    let rows = open_requests(session).await?;
    let mut first_error = None;
    for (request, poll_at) in rows.iter().flat_map(accepted_requests) {
        let Some(event_id) = request.event_id().filter(|_| poll_at <= session.now()) else { continue };
        session.renew_lease().await?;
        match poll_event(session, request, event_id).await {
            Ok(Some(event)) => record_answer(session, request.number, event).await?,
            Ok(None) => record_unfinished(session, request.number).await?,
            // An answer that cannot be read concerns one event; the others are polled all the same.
            Err(SessionError::Service(error)) if concerns_one_event(&error) => {
                let now = session.now();
                if request.is_overdue(now) {
                    let event = RequestEvent::Lost { last_possible_send: now };
                    record_answer(session, request.number, event).await?;
                } else {
                    record_unfinished(session, request.number).await?;
                }
                first_error = first_error.or(Some(error));
            }
            Err(error) => return Err(error),
        }
    }
    let rows = open_requests(session).await?;
    let Some(at) = rows.iter().flat_map(accepted_requests).map(|(_, poll_at)| poll_at).min() else {
        return Ok(JobOutcome::Done);
    };
    let again = Job { at, tries: 0, ..job.clone() };
    match first_error {
        Some(error) => Err(SessionError::failed(Failure::service(&error), again)),
        None => Ok(JobOutcome::Requeue(again)),
    }
}

async fn open_requests(session: &LocationSession<'_>) -> Result<Option<LocationRows>, SessionError> {
    let scope = session.scope().requests(Requests::Open).notified_events();
    Ok(session.load(scope).await?)
}

/// The open requests that Apple accepted, with when each is polled next.
fn accepted_requests(rows: &LocationRows) -> impl Iterator<Item = (&Request, DateTime<Utc>)> {
    let poll_at = |request| next_poll_at(request, rows.state.subscribed, &rows.notified_events);
    rows.requests.iter().filter_map(move |request| Some((request, poll_at(request)?)))
}

/// Keeps that Apple has not finished a request, so that the next poll waits longer.
async fn record_unfinished(session: &LocationSession<'_>, number: RequestNumber) -> Result<(), SessionError> {
    let scope = leased_scope(session.lease()).requests(Requests::One(number));
    let now = session.now();
    Ok(session.save(scope, move |rows| decide_record_pending(rows, number, now)).await?)
}

/// What Apple says of a request; `None` while it works on it.
async fn poll_event(
    session: &LocationSession<'_>,
    request: &Request,
    event_id: &EventId,
) -> Result<Option<RequestEvent>, SessionError> {
    // Past its time a request counts as lost, whatever Apple says later: its seats are fenced and read back.
    let lost_if_overdue = || {
        let now = session.now();
        request.is_overdue(now).then_some(RequestEvent::Lost { last_possible_send: now })
    };
    let report = match session.read(session.service().event(session.secret(), event_id)).await {
        Ok(report) => report,
        // Apple's own list of events may be late: an event that it does not know may still be carried out.
        Err(error) if error.has_number(UNKNOWN_EVENT) => return Ok(lost_if_overdue()),
        Err(error) => return Err(error),
    };
    let event_id = event_id.clone();
    Ok(match report.status {
        EventStatus::Pending => lost_if_overdue(),
        EventStatus::Complete => Some(RequestEvent::Completed { event_id }),
        EventStatus::Failed { failures } => Some(RequestEvent::Failed { event_id, failures }),
    })
}

/// Whether only one event is at fault, and not the token, the rate, the way to Apple or the moment.
fn concerns_one_event(error: &ServiceError) -> bool {
    if rejects_token(error) || error.retry_after().is_some() {
        return false;
    }
    match error.class() {
        Some(class) => matches!(class, ErrorClass::PermanentRequest | ErrorClass::Conflict),
        None => !matches!(
            error.kind,
            ServiceErrorKind::NotSent { .. }
                | ServiceErrorKind::Unreachable { .. }
                | ServiceErrorKind::TimedOut { .. }
        ),
    }
}
