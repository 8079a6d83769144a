//! What an embedder can set.

use std::time::Duration;

use thiserror::Error;

use super::RetryPolicy;
#[cfg(feature = "reqwest")]
use crate::http::ReqwestTransportError;

/// How to reach Apple. The defaults are for Apple's own service.
///
/// ```
/// use mdm_vpp_adapters::apple::AppleSettings;
///
/// let mut settings = AppleSettings::at("http://127.0.0.1:4000/mdm/v2");
/// settings.retry.attempts = 2;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AppleSettings {
    /// The address of API v2, without a slash at the end; default `https://vpp.itunes.apple.com/mdm/v2`. Secrets
    /// go to this host and port, and to `https` hosts under `apple.com`. Plain `http` is for loopback alone.
    pub base_url: String,
    /// The longest wait for a connection; default 10 s. The transport has to keep it.
    pub connect_timeout: Duration,
    /// The longest wait for one response with its body; default 60 s. Large lists are slow (observed in the wild).
    pub request_timeout: Duration,
    /// The longest time for one call with all its pages, retries and waits; default 10 min.
    pub call_timeout: Duration,
    /// The largest body that is read, in bytes; default 32 MiB.
    pub largest_body: u64,
    /// How long Apple's service config is used before it is read again; default 5 min, as Apple's documentation
    /// asks.
    pub service_config_age: Duration,
    /// The largest number of pages of a list; default 10,000.
    pub largest_page_count: u32,
    /// When a request is sent again.
    pub retry: RetryPolicy,
}

impl AppleSettings {
    /// The default settings for another address, for example a simulator's.
    #[must_use]
    pub fn at(base_url: impl Into<String>) -> Self {
        Self { base_url: base_url.into(), ..Self::default() }
    }
}

impl Default for AppleSettings {
    fn default() -> Self {
        Self {
            base_url: "https://vpp.itunes.apple.com/mdm/v2".to_owned(),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
            call_timeout: Duration::from_secs(600),
            largest_body: 32 * 1024 * 1024,
            service_config_age: Duration::from_secs(300),
            largest_page_count: 10_000,
            retry: RetryPolicy::default(),
        }
    }
}

/// Why settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The base address is no URL.
    #[error("the address of Apple's service is not a URL ({reason}): use for example `{}`", AppleSettings::default().base_url)]
    NotAUrl {
        /// Why.
        reason: String,
    },
    /// The base address must not see a secret.
    #[error("the address of Apple's service cannot be `{url}`: {reason}")]
    AddressRefused {
        /// The address without query.
        url: String,
        /// Which rule forbids it.
        reason: &'static str,
    },
}

/// Why [`AppleClient::with_reqwest`](super::AppleClient::with_reqwest) made no client.
#[cfg(feature = "reqwest")]
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The settings cannot be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The HTTP client cannot be set up.
    #[error(transparent)]
    Transport(#[from] ReqwestTransportError),
}
