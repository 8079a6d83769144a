//! An error as Apple's service answered it.

use serde::{Deserialize, Serialize};

use super::{ErrorClass, ErrorNumber};

/// An error of Apple's service: its number and its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppleError {
    /// Apple's number, if it gave one.
    pub number: Option<ErrorNumber>,
    /// Apple's text, without control characters.
    pub message: String,
}

impl AppleError {
    /// What the error asks of a client: by its number where it is known, else by the HTTP status that carried it.
    ///
    /// ```
    /// use mdm_vpp_core::apple_error::{AppleError, ErrorClass, ErrorNumber};
    ///
    /// let refused = AppleError { number: Some(ErrorNumber(9646)), message: "Too many requests".into() };
    /// assert_eq!(refused.class(200), ErrorClass::RateLimited);
    ///
    /// let unnumbered = AppleError { number: None, message: "Service Unavailable".into() };
    /// assert_eq!(unnumbered.class(503), ErrorClass::Transient);
    /// ```
    #[must_use]
    pub fn class(&self, http_status: u16) -> ErrorClass {
        self.number.map_or_else(
            || ErrorClass::of_http_status(http_status),
            |number| ErrorClass::of(number, http_status),
        )
    }
}
