//! What all calls to Apple share.

use std::{fmt, sync::Arc};

use mdm_vpp_core::{printable_text, token::ContentToken};
use mdm_vpp_ports::{Clock, ServiceError, ServiceErrorKind, ServiceLimits};
use url::Url;

use super::{
    AppleAssignmentService, AppleLicenseService, AppleRequest, AppleSettings, Call, Credential, RetryPolicy,
    Service, SettingsError,
    address::{AddressRules, shown},
    config_cache::ConfigCache,
    stops::Stops,
    wire::{Endpoint, Members, ServiceConfig, read_service_config},
};
use crate::{
    catalog::StoreLookup,
    http::{HttpTransport, RequestCounter},
};

/// What [`AppleLicenseService`], [`AppleAssignmentService`] and [`StoreLookup`] share: settings, transport, Apple's
/// service config, the memory of `Retry-After`, and the count of requests.
///
/// Make one per process and hand it to all three. With two clients, neither would know of a `Retry-After` that the
/// other received, and Apple counts the requests of both.
pub struct AppleClient {
    pub(crate) settings: AppleSettings,
    pub(super) rules: AddressRules,
    pub(super) transport: Arc<dyn HttpTransport>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) counter: RequestCounter,
    pub(super) stops: Stops,
    base: Url,
    config: ConfigCache,
}

impl AppleClient {
    /// Makes a client with these settings. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] when the base address is not a URL, or is one that must not see a token.
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
            rules,
            transport,
            clock,
            counter: RequestCounter::default(),
            stops: Stops::default(),
            base,
            config: ConfigCache::default(),
        })
    }

    /// Makes a client that sends with [`ReqwestTransport`](crate::http::ReqwestTransport). Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ConnectError`](super::ConnectError) when the settings cannot be used or the HTTP client cannot be set up.
    #[cfg(feature = "reqwest")]
    pub fn with_reqwest(
        settings: AppleSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, super::ConnectError> {
        let transport = Arc::new(crate::http::ReqwestTransport::new(settings.connect_timeout)?);
        Ok(Arc::new(Self::new(settings, transport, clock)?))
    }

    /// The tokens and assets of a location, over this client.
    #[must_use]
    pub fn license_service(self: &Arc<Self>) -> AppleLicenseService {
        AppleLicenseService::new(Arc::clone(self))
    }

    /// The licenses of the devices and users of a location, over this client.
    #[must_use]
    pub fn assignment_service(self: &Arc<Self>) -> AppleAssignmentService {
        AppleAssignmentService::new(Arc::clone(self))
    }

    /// The store lookup over this client.
    #[must_use]
    pub fn store_lookup(self: &Arc<Self>) -> StoreLookup {
        StoreLookup::new(Arc::clone(self))
    }

    /// The number of requests sent so far: service config, lookups, pages, redirects and retries too.
    #[must_use]
    pub fn requests_sent(&self) -> u64 {
        self.counter.requests_sent()
    }

    /// A handle to the count of requests.
    #[must_use]
    pub fn request_counter(&self) -> RequestCounter {
        self.counter.clone()
    }

    /// Apple's limits, from the service config in use; reads it when it is older than
    /// [`AppleSettings::service_config_age`].
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

    /// The service config, read with at most `attempts` requests. While an old config can stand in, with one: the
    /// caller is not delayed by retries for a refresh it can do without.
    pub(super) async fn service_config_within(
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
        let url = self.under_base("service/config").map_err(|kind| call.fails(kind))?;
        let reply = call.send(&AppleRequest::read(url, Credential::None)).await?;
        read_service_config(&Members::of_reply(&reply)).map_err(|unusable| call.fails(unusable))
    }

    /// The address of an endpoint. It is checked against the address rules where it is sent, not here: a redirect
    /// has to pass the same check.
    pub(crate) fn address(
        &self,
        config: &ServiceConfig,
        endpoint: Endpoint,
    ) -> Result<Url, ServiceErrorKind> {
        match (config.urls.get(&endpoint), endpoint.path()) {
            (Some(text), _) => Url::parse(text).map_err(|_| ServiceErrorKind::AddressRefused {
                url: printable_text(text).chars().take(200).collect(),
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

    /// Begins a call with a token. Fails, without a request, while Apple asked the token or its location to wait.
    pub(crate) fn begin(
        &self,
        name: &'static str,
        service: Service,
        token: &ContentToken,
    ) -> Result<Call<'_>, ServiceError> {
        let call = Call { client: self, name, service, policy: &self.settings.retry };
        match call.stop(token, None) {
            Some((_, error)) => Err(error),
            None => Ok(call),
        }
    }
}

impl fmt::Debug for AppleClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppleClient").field("settings", &self.settings).finish_non_exhaustive()
    }
}
