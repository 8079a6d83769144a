//! How the service behaves where Apple's documentation and practice differ or leave a choice.

use std::num::NonZeroUsize;

use super::base_url::BaseUrl;

/// Which HTTP status an error has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SynchronousErrors {
    /// The status of Apple's table of errors.
    Documented,
    /// As observed in the wild: 200 with an error body for an expired (9621), unknown (9622) or revoked (9625) token,
    /// the documented status for everything else.
    #[default]
    Observed,
}

/// When replies carry the token's expiration date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpirationShown {
    /// Always, as observed in the wild.
    #[default]
    Always,
    /// Only when 15 days or less are left, as Apple's documentation says.
    LastFifteenDays,
}

/// Settings of the simulator, changeable while it runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// How many records fit on a page. Apple says "several hundred"; default 500.
    pub page_capacity: NonZeroUsize,
    /// Which HTTP status an error has.
    pub token_errors: SynchronousErrors,
    /// When replies carry the token's expiration date.
    pub expiration_shown: ExpirationShown,
    /// The base URL told to clients; `None` means the address that the server listens on.
    pub advertised: Option<BaseUrl>,
    /// How many requests the log keeps; the oldest go first. Counts per endpoint go on. Default 10 000.
    pub log_capacity: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            page_capacity: NonZeroUsize::MIN.saturating_add(499),
            token_errors: SynchronousErrors::default(),
            expiration_shown: ExpirationShown::default(),
            advertised: None,
            log_capacity: 10_000,
        }
    }
}
