//! One order, sent until it is answered or given up.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use chrono::{DateTime, Utc};
use mdm_vpp_core::token::ContentToken;
use mdm_vpp_ports::{ServiceError, ServiceErrorKind};

use super::{
    AppleClient, Order, RetryPolicy, RetryStep, Service,
    reply::{Reply, read_reply},
    wire::{Members, read_location_id},
};

/// A call of ours to Apple: its name, the service, and how patient it is.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) client: &'a AppleClient,
    pub(crate) name: &'static str,
    pub(crate) service: Service,
    pub(crate) policy: &'a RetryPolicy,
}

impl<'a> Call<'a> {
    /// Begins a call. While Apple asked to wait, it fails here and nothing is sent.
    pub(crate) fn begin(
        client: &'a AppleClient,
        name: &'static str,
        service: Service,
        token: &ContentToken,
    ) -> Result<Self, ServiceError> {
        let call = Self { client, name, service, policy: &client.settings.retry };
        match call.stop(token, None) {
            Some((_, error)) => Err(error),
            None => Ok(call),
        }
    }

    /// An error of this call that is not about waiting.
    pub(crate) fn fails(self, trouble: impl Into<ServiceErrorKind>) -> ServiceError {
        ServiceError { call: self.name, kind: trouble.into(), retry_after: None }
    }

    /// Sends an order until it is answered, or the policy gives up.
    pub(crate) async fn send(self, order: &Order<'_>) -> Result<Reply, ServiceError> {
        let token = order.credential.token();
        let mut waited_out = None;
        let mut attempt = 0_u32;
        loop {
            if let Some(token) = token {
                self.wait_for_stop(token, &mut waited_out).await?;
            }
            attempt = attempt.saturating_add(1);
            let error = match self.client.exchange(self.name, order, read_reply).await {
                Ok(reply) => {
                    self.learn(token, &reply);
                    return Ok(reply);
                }
                Err(failed) => failed.error,
            };
            let until = self.note(token, &error);
            match self.policy.decide(attempt, &error, self.service, chance()) {
                RetryStep::GiveUp => return Err(error),
                RetryStep::RetryAfter(wait) => {
                    tracing::debug!(
                        call = self.name,
                        attempt,
                        code = error.code(),
                        ?wait,
                        "sending again later"
                    );
                    tokio::time::sleep(wait).await;
                    waited_out = until.or(waited_out);
                }
            }
        }
    }

    fn learn(self, token: Option<&ContentToken>, reply: &Reply) {
        if let (Some(token), Ok(Some(location))) = (token, read_location_id(&Members::of_reply(reply))) {
            self.client.stops.learn(token, &location);
        }
    }

    /// Notes the stop that an error asks for; gives its end.
    pub(super) fn note(self, token: Option<&ContentToken>, error: &ServiceError) -> Option<DateTime<Utc>> {
        let wait = error.retry_after?;
        let now = self.client.clock.now();
        token.map(|token| self.client.stops.note(self.service, token, wait, &error.kind, now))
    }

    /// The stop that holds a token beyond what was waited for, as its end and as an error.
    pub(super) fn stop(
        self,
        token: &ContentToken,
        waited_out: Option<DateTime<Utc>>,
    ) -> Option<(DateTime<Utc>, ServiceError)> {
        let now = self.client.clock.now();
        let stop = self.client.stops.holding(self.service, token, now)?;
        if waited_out.is_some_and(|waited| waited >= stop.until) {
            return None;
        }
        let retry_after = stop.remaining(now);
        Some((stop.until, ServiceError { call: self.name, kind: stop.trouble, retry_after }))
    }

    /// Waits when a request of the same call, or of one beside it, was told to wait. Too long a wait is an error,
    /// and so is one that was prolonged meanwhile.
    async fn wait_for_stop(
        self,
        token: &ContentToken,
        waited_out: &mut Option<DateTime<Utc>>,
    ) -> Result<(), ServiceError> {
        let Some((until, error)) = self.stop(token, *waited_out) else { return Ok(()) };
        let wait = error.retry_after.unwrap_or(Duration::ZERO);
        if wait > self.policy.longest_wait {
            return Err(error);
        }
        tokio::time::sleep(wait).await;
        *waited_out = Some(until);
        self.stop(token, *waited_out).map_or(Ok(()), |(_, error)| Err(error))
    }
}

/// A number of `0.0..1.0`. It spreads retries of many processes and guards nothing.
fn chance() -> f64 {
    let drawn = RandomState::new().hash_one(0_u8) >> 32;
    f64::from(u32::try_from(drawn).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
}
