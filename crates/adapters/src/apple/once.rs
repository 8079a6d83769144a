//! One request, sent at most once, whose caller keeps the pace and decides what comes next.

use mdm_vpp_core::token::ContentToken;
use mdm_vpp_ports::{ServiceError, ServiceErrorKind};
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;

use super::{
    AppleClient, Order, Service,
    call::Call,
    exchange::{Failed, Reached},
    located::Located,
    reply::ReadReply,
    wire::ServiceConfig,
};

impl AppleClient {
    /// Sends one request for a location, and the one for the service config before it where that is too old. Both
    /// together end within the time for one request, and neither is repeated.
    ///
    /// While Apple asked to wait, and wherever the request certainly did not leave, the answer is
    /// [`ServiceErrorKind::NotSent`] or [`ServiceErrorKind::AddressRefused`].
    pub(super) async fn once<'a, T: Located>(
        &'a self,
        name: &'static str,
        token: &'a ContentToken,
        order: impl FnOnce(&ServiceConfig) -> Result<Order<'a>, ServiceErrorKind>,
        read: ReadReply<T>,
    ) -> Result<T, ServiceError> {
        let call = Call { client: self, name, service: Service::Licenses, policy: &self.settings.retry };
        let span = tracing::debug_span!("apple_call", call = name);
        call.once(token, order, read).instrument(span).await
    }
}

impl Call<'_> {
    async fn once<'a, T: Located>(
        self,
        token: &'a ContentToken,
        order: impl FnOnce(&ServiceConfig) -> Result<Order<'a>, ServiceErrorKind>,
        read: ReadReply<T>,
    ) -> Result<T, ServiceError> {
        let (begun, limit) = (Instant::now(), self.client.settings.request_timeout);
        self.keeps_silence(token)?;
        let config = timeout(limit, self.client.service_config_within(1)).await;
        let config = config
            .unwrap_or_else(|_| Err(self.fails(ServiceErrorKind::TimedOut { after: limit })))
            .map_err(|error| ServiceError { call: self.name, ..unsent(error) })?;
        let order = order(&config).map_err(|trouble| unsent(self.fails(trouble)))?;
        self.keeps_silence(token)?;
        let left = limit.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(unsent(self.fails(ServiceErrorKind::TimedOut { after: limit })));
        }
        match timeout(left, self.client.exchange(self.name, &order, read)).await {
            Ok(Ok(answer)) => {
                if let Some(location) = answer.location() {
                    self.client.stops.learn(token, location);
                }
                Ok(answer)
            }
            Ok(Err(failed)) => {
                let error = failed.of_a_request_sent_once();
                self.note(Some(token), &error);
                Err(error)
            }
            Err(_) => Err(self.fails(ServiceErrorKind::TimedOut { after: limit })),
        }
    }

    /// Fails while Apple asked to leave the location alone.
    fn keeps_silence(self, token: &ContentToken) -> Result<(), ServiceError> {
        self.stop(token, None).map_or(Ok(()), |(_, error)| {
            let reason = format!("Apple asked to wait: {}", error.kind);
            Err(ServiceError { kind: ServiceErrorKind::NotSent { reason }, ..error })
        })
    }
}

/// A failure before the request could be sent: it says so, whatever it was.
fn unsent(error: ServiceError) -> ServiceError {
    let trouble = match error.kind {
        ServiceErrorKind::AddressRefused { .. } | ServiceErrorKind::NotSent { .. } => error.kind,
        other => ServiceErrorKind::NotSent { reason: format!("{} failed: {other}", error.call) },
    };
    ServiceError { kind: trouble, ..error }
}

impl Failed {
    /// The error, with what is sure about the request: whether it left, and whether somebody answered it before a
    /// redirect led nowhere.
    fn of_a_request_sent_once(self) -> ServiceError {
        let trouble = match (self.reached, self.error.kind) {
            (Reached::Nobody, ServiceErrorKind::Unreachable { reason }) => {
                ServiceErrorKind::NotSent { reason }
            }
            (Reached::Redirect(status), ServiceErrorKind::AddressRefused { url, reason }) => {
                ServiceErrorKind::HttpStatus { status, excerpt: format!("a redirect to `{url}`: {reason}") }
            }
            (_, trouble) => trouble,
        };
        ServiceError { kind: trouble, ..self.error }
    }
}
