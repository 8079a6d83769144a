//! What all calls to Apple share.

use std::sync::Arc;

use mdm_vpp_core::token::ContentToken;
use mdm_vpp_ports::{Clock, ServiceError, ServiceErrorKind, ServiceLimits};
use url::Url;

use super::{
    AppleSettings, Credential, Endpoint, Order, RetryPolicy, Service, SettingsError,
    address::{AddressRules, shown},
    call::Call,
    config_cache::ConfigCache,
    stops::Stops,
    wire::{Members, ServiceConfig, read_service_config},
};
use crate::http::{HttpTransport, RequestCounter};

/// The way to Apple that [`AppleLicenseService`](super::AppleLicenseService),
/// [`AppleAssignmentService`](super::AppleAssignmentService) and [`StoreLookup`](crate::catalog::StoreLookup) share:
/// settings, transport, the service config, the memory of `Retry-After`, and the count of requests. Make one per process
/// and hand it to all.
pub struct AppleClient {
    pub(crate) settings: AppleSettings,
    pub(crate) base: Url,
    pub(crate) rules: AddressRules,
    pub(crate) transport: Arc<dyn HttpTransport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) counter: RequestCounter,
    pub(crate) stops: Stops,
    config: ConfigCache,
}

impl AppleClient {
    /// A client with these settings. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] when the base address is no URL, or one that must not see a secret.
    pub fn new(
        settings: AppleSettings,
        transport: Arc<dyn HttpTransport>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SettingsError> {
        let base = Url::parse(&settings.base_url)
            .map_err(|error| SettingsError::NotAUrl { reason: error.to_string() })?;
        let rules = AddressRules::around(&base)
            .map_err(|reason| SettingsError::AddressRefused { url: shown(&base), reason })?;
        Ok(Self {
            settings,
            base,
            rules,
            transport,
            clock,
            counter: RequestCounter::default(),
            stops: Stops::default(),
            config: ConfigCache::default(),
        })
    }

    /// How many requests were sent: service config, lookups, pages, redirects and retries too.
    #[must_use]
    pub fn requests_sent(&self) -> u64 {
        self.counter.requests_sent()
    }

    /// A handle to the count of requests.
    #[must_use]
    pub fn request_counter(&self) -> RequestCounter {
        self.counter.clone()
    }

    /// Apple's limits, from the service config that is in use; reads it when it is too old.
    ///
    /// # Errors
    ///
    /// [`ServiceError`] when there is no config yet and it cannot be read.
    pub async fn service_limits(&self) -> Result<ServiceLimits, ServiceError> {
        Ok(self.service_config().await?.limits)
    }

    /// The service config, at most as old as the settings say.
    pub(crate) async fn service_config(&self) -> Result<Arc<ServiceConfig>, ServiceError> {
        self.service_config_within(self.settings.retry.attempts).await
    }

    /// The service config, read with so many tries at most; one while an old one can stand in.
    pub(crate) async fn service_config_within(
        &self,
        attempts: u32,
    ) -> Result<Arc<ServiceConfig>, ServiceError> {
        let age = self.settings.service_config_age;
        let read = |stands_in| self.read_service_config(if stands_in { 1 } else { attempts });
        self.config.get(self.clock.as_ref(), age, read).await
    }

    async fn read_service_config(&self, attempts: u32) -> Result<ServiceConfig, ServiceError> {
        let policy = RetryPolicy { attempts, ..self.settings.retry.clone() };
        let call = Call {
            client: self,
            name: "reading the service config",
            service: Service::Licenses,
            policy: &policy,
        };
        let url = self.under_base("service/config").map_err(|trouble| call.fails(trouble))?;
        let reply = call.send(&Order::read(url, Credential::None)).await?;
        read_service_config(&Members::of_reply(&reply)).map_err(|unusable| call.fails(unusable))
    }

    /// The address of an endpoint. Whether the token may go there is decided where it is sent.
    pub(crate) fn address(
        &self,
        config: &ServiceConfig,
        endpoint: Endpoint,
    ) -> Result<Url, ServiceErrorKind> {
        match (config.urls.get(&endpoint), endpoint.path()) {
            (Some(text), _) => Url::parse(text).map_err(|_| ServiceErrorKind::AddressRefused {
                url: mdm_vpp_core::printable_text(text).chars().take(200).collect(),
                reason: "it is not a URL",
            }),
            (None, Some(path)) => self.under_base(path),
            (None, None) => Err(ServiceErrorKind::UnexpectedReply {
                member: format!("urls.{}", endpoint.key()),
                found: "it is missing".to_owned(),
            }),
        }
    }

    fn under_base(&self, path: &str) -> Result<Url, ServiceErrorKind> {
        let text = format!("{}/{path}", self.base.as_str().trim_end_matches('/'));
        Url::parse(&text).map_err(|_| ServiceErrorKind::AddressRefused {
            url: shown(&self.base),
            reason: "it is not a URL",
        })
    }

    /// Begins a call with a token.
    pub(crate) fn begin(
        &self,
        name: &'static str,
        service: Service,
        token: &ContentToken,
    ) -> Result<Call<'_>, ServiceError> {
        Call::begin(self, name, service, token)
    }
}

impl std::fmt::Debug for AppleClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppleClient").field("settings", &self.settings).finish_non_exhaustive()
    }
}
