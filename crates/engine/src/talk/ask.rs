//! Asking how far accepted requests are.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    seats::{EventId, Request, RequestEvent, RequestState},
    talk::next_question,
    turn::Due,
};
use mdm_vpp_ports::{EventStatus, Requests, TalkScope};

use super::{
    calls::{Left, TalkError},
    scopes,
    talker::Talker,
};

/// "Unknown event id": Apple may or may not have done it.
const UNKNOWN_EVENT: u32 = 9708;

impl Talker<'_> {
    /// Asks for every request that Apple accepted and has not finished, as far as is known.
    pub(super) async fn ask(&mut self, due: &Due) -> Result<Left, TalkError> {
        let scope = TalkScope { requests: Requests::Open, ..scopes::talk(self.location(), None) };
        let Some(rows) = self.parts.load_talk(self.tenant, scope).await? else { return Ok(Left::Nothing) };
        let mut pending = false;
        for request in &rows.requests {
            let RequestState::Accepted { event_id, .. } = &request.state else { continue };
            self.stay().await?;
            match self.ask_for(request, event_id).await? {
                Some(event) => self.hear(request.number, event).await?,
                None => pending = true,
            }
        }
        if !pending {
            return Ok(Left::Nothing);
        }
        let now = self.parts.clock.now();
        Ok(Left::Again(Due { tries: 0, ..due.again_in(now, next_question(now).signed_duration_since(now)) }))
    }

    /// What Apple says of a request; `None` while it is pending.
    async fn ask_for(
        &self,
        request: &Request,
        event_id: &EventId,
    ) -> Result<Option<RequestEvent>, TalkError> {
        let lost = |now: DateTime<Utc>| Some(RequestEvent::Lost { last_possible_send: now });
        let report = match self.read(self.service.event(&self.secret, event_id)).await {
            Ok(report) => report,
            Err(TalkError::Service(error))
                if error.number().is_some_and(|number| number.0 == UNKNOWN_EVENT) =>
            {
                return Ok(lost(self.parts.clock.now()));
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
