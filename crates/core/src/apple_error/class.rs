//! Classes of Apple's errors, by what they ask of a client.

use super::{ErrorNumber, table::ERROR_TABLE};
use crate::audience::Audience;

/// The class of an error of Apple's service: what it asks of a client. The classes are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The request itself is wrong. Sending it again cannot help.
    PermanentRequest,
    /// No license is left.
    NotEnoughLicenses,
    /// Apple refuses the token, because it was revoked or is not known.
    TokenRefused,
    /// The token's year is over.
    TokenExpired,
    /// Another product manages the location.
    Claimed,
    /// The stored state differs from Apple's. Read again, then decide.
    Conflict,
    /// There were too many requests. All calls about the location have to wait.
    RateLimited,
    /// A temporary failure. The same request may be sent again.
    Transient,
    /// An administrator or a user must act.
    NeedsPerson,
}

impl ErrorClass {
    /// The class of an error by its number; by the HTTP status of the reply if the number is not known.
    ///
    /// ```
    /// use mdm_vpp_core::apple_error::{ErrorClass, ErrorNumber};
    ///
    /// assert_eq!(ErrorClass::of(ErrorNumber(9646), 200), ErrorClass::RateLimited);
    /// assert_eq!(ErrorClass::of(ErrorNumber(9799), 503), ErrorClass::Transient);
    /// assert_eq!(ErrorClass::of(ErrorNumber(9799), 400), ErrorClass::PermanentRequest);
    /// ```
    #[must_use]
    pub fn of(number: ErrorNumber, http_status: u16) -> Self {
        ERROR_TABLE
            .iter()
            .find(|entry| entry.number == number.0)
            .map_or_else(|| Self::of_http_status(http_status), |entry| entry.class)
    }

    /// The class of a reply without a known error number, by its HTTP status.
    #[must_use]
    pub const fn of_http_status(status: u16) -> Self {
        match status {
            401 => Self::TokenRefused,
            403 => Self::NeedsPerson,
            408 | 425 | 500..=599 => Self::Transient,
            429 => Self::RateLimited,
            _ => Self::PermanentRequest,
        }
    }

    /// Whether the same request may succeed later without an act of a person.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::RateLimited | Self::Transient)
    }

    /// Who can act on it.
    #[must_use]
    pub const fn audience(self) -> Audience {
        match self {
            Self::PermanentRequest | Self::Conflict => Audience::Caller,
            Self::NotEnoughLicenses
            | Self::TokenRefused
            | Self::TokenExpired
            | Self::Claimed
            | Self::RateLimited
            | Self::Transient
            | Self::NeedsPerson => Audience::Operator,
        }
    }

    /// What to do about the error, as the end of a sentence.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::PermanentRequest => "report it: Apple did not accept the request",
            Self::NotEnoughLicenses => "buy licenses or free some",
            Self::TokenRefused | Self::TokenExpired => "update the token with a fresh file",
            Self::Claimed => "use another location: another product manages this one",
            Self::Conflict => "sync the location and try again",
            Self::RateLimited | Self::Transient => "try again later",
            Self::NeedsPerson => {
                "check the role of the account that downloaded the token, and its terms at Apple"
            }
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PermanentRequest => "permanent_request",
            Self::NotEnoughLicenses => "not_enough_licenses",
            Self::TokenRefused => "token_refused",
            Self::TokenExpired => "token_expired",
            Self::Claimed => "claimed",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::Transient => "transient",
            Self::NeedsPerson => "needs_person",
        }
    }
}
