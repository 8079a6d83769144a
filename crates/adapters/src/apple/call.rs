//! One call: a request that is sent until it is answered or given up, or a request that is sent at most once.

use std::{
    future::Future,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{id::LocationId, token::ContentToken};
use mdm_vpp_ports::{ServiceError, ServiceErrorKind};
use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument as _;

use super::{
    AppleClient, AppleRequest, RetryPolicy, RetryStep, Service,
    exchange::exchange,
    reply::{ReadReply, Reply, read_reply},
    wire::{Members, ServiceConfig, read_location_id},
};

/// A call to Apple: its name for errors and logs, the service, and how often it is retried.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(super) client: &'a AppleClient,
    pub(super) name: &'static str,
    pub(super) service: Service,
    pub(super) policy: &'a RetryPolicy,
}

/// An answer that may name the location that gave it.
pub(super) trait Located {
    fn location(&self) -> Option<&LocationId>;
}

impl Call<'_> {
    /// An error of this call that asks for no wait.
    pub(crate) fn fails(self, kind: impl Into<ServiceErrorKind>) -> ServiceError {
        ServiceError { call: self.name, kind: kind.into(), retry_after: None }
    }

    /// Sends a request until it is answered, or the policy gives up.
    pub(crate) async fn send(self, request: &AppleRequest<'_>) -> Result<Reply, ServiceError> {
        let token = request.credential.token();
        let mut waited_out = None;
        let mut attempt = 0_u32;
        // A loop, not recursion: Apple may answer 9646 to every attempt, and the policy alone bounds their number.
        loop {
            if let Some(token) = token {
                self.wait_for_stop(token, &mut waited_out).await?;
            }
            attempt = attempt.saturating_add(1);
            let error = match exchange(self.client, self.name, request, read_reply).await {
                Ok(reply) => {
                    self.learn_location(token, &reply);
                    return Ok(reply);
                }
                Err(failed) => failed.error,
            };
            let until = self.note_stop(token, &error);
            match self.policy.decide(attempt, &error, self.service, chance()) {
                RetryStep::GiveUp => return Err(error),
                RetryStep::RetryAfter(wait) => {
                    let code = error.code();
                    tracing::debug!(call = self.name, attempt, code, ?wait, "sending again later");
                    sleep(wait).await;
                    // The stop that this answer asked for has just been waited out. Without this, a clock that
                    // stands still (in tests) or runs slow would make the next attempt wait for it again.
                    waited_out = until.or(waited_out);
                }
            }
        }
    }

    /// Sends one request for a location at most once, after the request for the service config where that is too
    /// old. Both together end within the time for one request, and neither is repeated.
    ///
    /// While Apple asked to wait, and wherever the request certainly did not leave, the answer is
    /// [`ServiceErrorKind::NotSent`] or [`ServiceErrorKind::AddressRefused`].
    pub(super) async fn once<'a, T: Located>(
        self,
        token: &'a ContentToken,
        request: impl FnOnce(&ServiceConfig) -> Result<AppleRequest<'a>, ServiceErrorKind>,
        read: ReadReply<T>,
    ) -> Result<T, ServiceError> {
        let (begun, limit) = (Instant::now(), self.client.settings.request_timeout);
        self.refuse_while_stopped(token)?;
        let config = timeout(limit, self.client.service_config_within(1))
            .await
            .unwrap_or_else(|_| Err(self.fails(ServiceErrorKind::TimedOut { after: limit })))
            .map_err(|error| ServiceError { call: self.name, ..not_sent(error) })?;
        let request = request(&config).map_err(|kind| not_sent(self.fails(kind)))?;
        // Asked again: another call may have received a `Retry-After` while this one read the service config.
        self.refuse_while_stopped(token)?;
        let left = limit.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(not_sent(self.fails(ServiceErrorKind::TimedOut { after: limit })));
        }
        match timeout(left, exchange(self.client, self.name, &request, read)).await {
            Ok(Ok(answer)) => {
                if let Some(location) = answer.location() {
                    self.client.stops.learn(token, location);
                }
                Ok(answer)
            }
            Ok(Err(failed)) => {
                let error = failed.of_a_request_sent_once();
                self.note_stop(Some(token), &error);
                Err(error)
            }
            // The request may have left: this is `TimedOut`, never `NotSent`.
            Err(_) => Err(self.fails(ServiceErrorKind::TimedOut { after: limit })),
        }
    }

    fn learn_location(self, token: Option<&ContentToken>, reply: &Reply) {
        if let (Some(token), Ok(Some(location))) = (token, read_location_id(&Members::of_reply(reply))) {
            self.client.stops.learn(token, &location);
        }
    }

    /// Notes the stop that an error asks for; gives its end.
    fn note_stop(self, token: Option<&ContentToken>, error: &ServiceError) -> Option<DateTime<Utc>> {
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
        Some((stop.until, ServiceError { call: self.name, kind: stop.kind, retry_after }))
    }

    /// Waits when another request for the location received a `Retry-After`. A wait longer than the policy allows is
    /// an error, and so is a stop that was prolonged meanwhile.
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
        sleep(wait).await;
        *waited_out = Some(until);
        self.stop(token, *waited_out).map_or(Ok(()), |(_, error)| Err(error))
    }

    /// Fails while Apple asked to send nothing for the location.
    fn refuse_while_stopped(self, token: &ContentToken) -> Result<(), ServiceError> {
        self.stop(token, None).map_or(Ok(()), |(_, error)| {
            let reason = format!("Apple asked to wait: {}", error.kind);
            Err(ServiceError { kind: ServiceErrorKind::NotSent { reason }, ..error })
        })
    }
}

/// A failure before the request could be sent: whatever failed, the caller may rely on it that nothing was sent.
fn not_sent(error: ServiceError) -> ServiceError {
    let kind = match error.kind {
        ServiceErrorKind::AddressRefused { .. } | ServiceErrorKind::NotSent { .. } => error.kind,
        other => ServiceErrorKind::NotSent { reason: format!("{} failed: {other}", error.call) },
    };
    ServiceError { kind, ..error }
}

/// A number of `0.0..1.0` that spreads the retries of many processes. Nothing secret depends on it.
fn chance() -> f64 {
    let drawn = RandomState::new().hash_one(0_u8) >> 32;
    f64::from(u32::try_from(drawn).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
}

/// Runs a call for at most `limit`, in a span of its name.
pub(crate) async fn within<T>(
    limit: Duration,
    call: &'static str,
    work: impl Future<Output = Result<T, ServiceError>>,
) -> Result<T, ServiceError> {
    let span = tracing::debug_span!("apple_call", call);
    timeout(limit, work.instrument(span)).await.unwrap_or_else(|_| {
        Err(ServiceError { call, kind: ServiceErrorKind::TimedOut { after: limit }, retry_after: None })
    })
}
