//! Sending: queued seats become requests; each is committed, sent once, and its answer taken in.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    plan::Call,
    seats::{Agenda, AppleError, Culprits, Refusal, Request, RequestEvent, RequestNumber},
    talk::{decide_answer, decide_writing},
};
use mdm_vpp_ports::{ManageAssets, Requests, Seats, ServiceError};

use super::{
    calls::{Left, TalkError, talk_error},
    scopes,
    talker::Talker,
};

/// So many queued seats are looked at for one request: more than it can hold, so that it is filled well.
const LOOKED_AT: usize = 100_000;

impl Talker<'_> {
    /// Sends until nothing is queued, or Apple refuses the token, the rate or the moment.
    pub(super) async fn send(&mut self) -> Result<Left, TalkError> {
        loop {
            self.stay().await?;
            // The permit comes first: between the commit and the call nothing is waited for.
            self.parts.permit(&self.lease, self.limits.pace, Call::Write).await?;
            let Some(request) = self.write().await? else { return Ok(Left::Nothing) };
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
                    self.hear(request.number, event).await?;
                }
                Err(error) => {
                    let (event, others_may_go) = heard(&error, now);
                    self.hear(request.number, event).await?;
                    if !others_may_go {
                        return Err(talk_error(error));
                    }
                }
            }
        }
    }

    /// Commits the best request that the queue is good for.
    async fn write(&self) -> Result<Option<Request>, TalkError> {
        let queued = Seats::OnAgenda([Agenda::Queued].into(), LOOKED_AT);
        let (epoch, limits, now) = (self.lease.epoch, self.limits.pack, self.parts.clock.now());
        let decide = move |rows: &_| decide_writing(rows, epoch, &limits, 1, now);
        let scope = scopes::seats(&self.lease, queued);
        let written: Vec<Request> = self.decide(scope, decide).await?;
        Ok(written.into_iter().next())
    }

    /// Takes in what was heard of a request.
    pub(super) async fn hear(&self, number: RequestNumber, event: RequestEvent) -> Result<(), TalkError> {
        let scope = scopes::heard(&self.lease, Requests::One(number), Seats::OfRequests);
        let now = self.parts.clock.now();
        let decide = move |rows: &_| decide_answer(rows, number, &event, now);
        Ok(self.save(scope, decide).await?)
    }
}

/// What a failed call says of its request, and whether other requests may still go.
fn heard(error: &ServiceError, now: DateTime<Utc>) -> (RequestEvent, bool) {
    if error.may_have_arrived() {
        return (RequestEvent::Lost { last_possible_send: now }, false);
    }
    let refusal = error.refusal().unwrap_or_else(|| Refusal {
        error: AppleError { number: None, message: error.to_string() },
        // Nothing was sent, so no seat is to blame.
        http_status: 503,
        culprits: Culprits::default(),
    });
    let about_seats = refusal.is_about_seats();
    (RequestEvent::Refused { refusal }, about_seats)
}
