//! Why a seat was given up.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::apple_error::ErrorNumber;

/// Why a seat was given up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Error)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum SeatError {
    /// Apple named the seat.
    #[error("Apple answered: {}", .error.message)]
    Apple {
        /// What Apple said.
        error: AppleError,
    },
    /// Apple reported the request as complete again and again, and never listed the license. Observed in the wild for
    /// serial numbers that Apple does not know.
    #[error("Apple reports the license as given and does not list it: check the serial number or user id")]
    Unconfirmed,
    /// Requests with this seat failed again and again, and Apple never said whose fault it was.
    #[error("requests with this license keep failing and Apple names no reason: ask again later")]
    Unexplained,
    /// The user is retired at Apple: he can hold no license.
    #[error("the user is retired at Apple: register him again before he gets a license")]
    RetiredUser,
}

/// An error of Apple's service, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppleError {
    /// Apple's number, if it gave one.
    pub number: Option<ErrorNumber>,
    /// Apple's text, without control characters.
    pub message: String,
}
