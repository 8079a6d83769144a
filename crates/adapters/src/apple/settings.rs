//! What an embedder can set.

use std::time::Duration;

use mdm_vpp_core::audience::Audience;
use thiserror::Error;

use super::RetryPolicy;
#[cfg(feature = "reqwest")]
use crate::http::ReqwestTransportError;

/// How to reach Apple. The defaults are for Apple's own service and, unless a source is named, our choice.
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
    /// The address of API v2, without a slash at the end; default `https://vpp.itunes.apple.com/mdm/v2` (Apple). Tokens
    /// go to this host and port, and to `https` hosts under `apple.com`. Plain `http` is for loopback alone.
    pub base_url: String,
    /// The longest wait for a connection; default 10 s. The transport has to observe it.
    pub connect_timeout: Duration,
    /// The longest wait for one response with its body; default 60 s. Large lists are
    /// slow (observed).
    pub request_timeout: Duration,
    /// The longest time for one call with all its pages, retries and waits; default 10 min.
    pub call_timeout: Duration,
    /// The largest body that is read, in bytes; default 32 MiB.
    pub largest_body: u64,
    /// How long Apple's service config is used before it is read again; default 5 min (Apple).
    pub service_config_age: Duration,
    /// The largest number of pages of a list; default 10,000. It ends a list that Apple never ends.
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
    /// The base address is not a URL.
    #[error("the address of Apple's service is not a URL ({reason}): set it, for example to `{}`", AppleSettings::default().base_url)]
    NotAUrl {
        /// Why.
        reason: String,
    },
    /// The base address must not see a token.
    #[error("the address of Apple's service cannot be `{url}` ({reason}): set another one")]
    AddressRefused {
        /// The address without query.
        url: String,
        /// Which rule forbids it.
        reason: &'static str,
    },
}

impl SettingsError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAUrl { .. } => "not_a_url",
            Self::AddressRefused { .. } => "address_refused",
        }
    }

    /// Whether the same settings may be accepted later: never.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        false
    }

    /// The wait before trying again: none.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// Who can act on it: the operator sets another address.
    #[must_use]
    pub const fn audience(&self) -> Audience {
        Audience::Operator
    }
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

#[cfg(feature = "reqwest")]
impl ConnectError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Settings(error) => error.code(),
            Self::Transport(error) => error.code(),
        }
    }

    /// Whether trying again may succeed: never, without a change of the settings or the machine.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        false
    }

    /// The wait before trying again: none.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// Who can act on it.
    #[must_use]
    pub const fn audience(&self) -> Audience {
        match self {
            Self::Settings(error) => error.audience(),
            Self::Transport(error) => error.audience(),
        }
    }
}
