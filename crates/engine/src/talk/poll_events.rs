//! Asking how far accepted requests are.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    apple_error::ErrorClass,
    decide::assignments::{decide_record_pending, next_poll_at},
    location::LocationRows,
    seats::{EventId, Request, RequestEvent, RequestNumber},
    transaction::Job,
};
use mdm_vpp_ports::{EventStatus, LocationScope, Requests, ServiceError, ServiceErrorKind};

use super::{
    calls::{JobOutcome, SessionError},
    location_session::LocationSession,
    scopes,
};
use crate::{calls::rejects_token, work_failure::Failure};

/// "Unknown event id": Apple may or may not have done it.
const UNKNOWN_EVENT: u32 = 9708;

impl LocationSession<'_> {
    /// Asks for the requests that Apple accepted and has not finished, as far as is known, and whose time has come.
    pub(super) async fn poll_events(&mut self, due: &Job) -> Result<JobOutcome, SessionError> {
        let rows = self.open_requests().await?;
        let mut failed = None;
        for (request, question) in rows.iter().flat_map(questions) {
            let Some(event_id) = request.event_id().filter(|_| self.has_come(question)) else { continue };
            self.renew_lease().await?;
            match self.poll_event(request, event_id).await {
                Ok(Some(event)) => self.record_answer(request.number, event).await?,
                Ok(None) => self.still_pending(request.number).await?,
                // An answer that nobody can read concerns one event, and the others are asked for all the same.
                Err(SessionError::Service(error)) if concerns_one_event(&error) => {
                    let now = self.parts.clock.now();
                    if request.is_overdue(now) {
                        self.record_answer(request.number, RequestEvent::Lost { last_possible_send: now })
                            .await?;
                    } else {
                        self.still_pending(request.number).await?;
                    }
                    failed = failed.or(Some(error));
                }
                Err(error) => return Err(error),
            }
        }
        let rows = self.open_requests().await?;
        let next = rows.iter().flat_map(questions).map(|(_, question)| question).min();
        let left =
            next.map_or(JobOutcome::Done, |at| JobOutcome::Requeue(Job { at, tries: 0, ..due.clone() }));
        match (failed, left) {
            (Some(error), JobOutcome::Requeue(again)) => {
                Err(SessionError::Hitch(Box::new((Failure::service(&error), again))))
            }
            (_, left) => Ok(left),
        }
    }

    async fn open_requests(&self) -> Result<Option<LocationRows>, SessionError> {
        let scope = LocationScope {
            requests: Requests::Open,
            notified_events: true,
            ..scopes::location_scope(self.location(), None)
        };
        Ok(self.parts.load_location(self.tenant, scope).await?)
    }

    fn has_come(&self, at: DateTime<Utc>) -> bool {
        at <= self.parts.clock.now()
    }

    async fn still_pending(&self, number: RequestNumber) -> Result<(), SessionError> {
        let scope = LocationScope {
            requests: Requests::One(number),
            ..scopes::location_scope(self.location(), Some(&self.lease))
        };
        let now = self.parts.clock.now();
        Ok(self.save(scope, move |rows| decide_record_pending(rows, number, now)).await?)
    }

    /// What Apple says of a request; `None` while it is pending.
    async fn poll_event(
        &self,
        request: &Request,
        event_id: &EventId,
    ) -> Result<Option<RequestEvent>, SessionError> {
        let lost = |now: DateTime<Utc>| Some(RequestEvent::Lost { last_possible_send: now });
        let report = match self.read(self.service.event(&self.secret, event_id)).await {
            Ok(report) => report,
            // Apple's own list of events may be late: what it does not know is pending until it is overdue.
            Err(SessionError::Service(error))
                if error.number().is_some_and(|number| number.0 == UNKNOWN_EVENT) =>
            {
                let now = self.parts.clock.now();
                return Ok(if request.is_overdue(now) { lost(now) } else { None });
            }
            Err(error) => return Err(error),
        };
        let now = self.parts.clock.now();
        Ok(match report.status {
            EventStatus::Pending if request.is_overdue(now) => lost(now),
            EventStatus::Pending => None,
            EventStatus::Complete => Some(RequestEvent::Completed { event_id: event_id.clone() }),
            EventStatus::Failed { failures } => {
                Some(RequestEvent::Failed { event_id: event_id.clone(), failures })
            }
        })
    }
}

/// Whether only one event is at fault, and not the token, the rate, the way to Apple or the moment.
fn concerns_one_event(error: &ServiceError) -> bool {
    let of_all = rejects_token(error) || error.retry_after().is_some();
    let readable = match error.class() {
        Some(class) => matches!(class, ErrorClass::PermanentRequest | ErrorClass::Conflict),
        None => !matches!(
            error.kind,
            ServiceErrorKind::NotSent { .. }
                | ServiceErrorKind::Unreachable { .. }
                | ServiceErrorKind::TimedOut { .. }
        ),
    };
    !of_all && readable
}

/// The open requests that Apple accepted, with when each is asked for.
fn questions(rows: &LocationRows) -> impl Iterator<Item = (&Request, DateTime<Utc>)> {
    let question = |request| next_poll_at(request, rows.state.subscribed, &rows.notified_events);
    rows.requests.iter().filter_map(move |request| Some((request, question(request)?)))
}
