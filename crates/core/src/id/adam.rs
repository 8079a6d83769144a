//! The adamId: the store's id of an app or a book.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The store's id of an app or a book (`adamId`), which administrators see as the iTunes App ID.
///
/// Apple documents it as a decimal text of at most 19 digits. It is kept as a number and serialised as text.
///
/// ```
/// use mdm_vpp_core::id::AdamId;
///
/// let id: AdamId = "1163852619".parse()?;
/// assert_eq!(id.number(), 1_163_852_619);
/// assert_eq!(serde_json::to_string(&id)?, "\"1163852619\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AdamId(u64);

/// The refusal of a text that is not an adamId.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{given}` is not an app id: give Apple's adamId, a number of 1 to 19 digits")]
pub struct AdamIdError {
    /// The text, cut after 40 characters.
    pub given: String,
}

impl AdamId {
    /// Makes an id from its number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The id as a number, as device commands carry it.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl FromStr for AdamId {
    type Err = AdamIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || AdamIdError { given: text.chars().take(40).collect() };
        // Rust's parser accepts a leading `+`, and other digits than ASCII must not pass, so the bytes are checked.
        if text.is_empty() || text.len() > 19 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refused());
        }
        text.parse().map(Self).map_err(|_| refused())
    }
}

impl TryFrom<String> for AdamId {
    type Error = AdamIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AdamId> for String {
    fn from(id: AdamId) -> String {
        id.0.to_string()
    }
}

impl fmt::Display for AdamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for AdamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AdamId({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_that_fit_are_an_adam_id() {
        for wrong in ["", "-1", "+1", "12a", " 12", "99999999999999999999", "１２"] {
            assert!(wrong.parse::<AdamId>().is_err(), "{wrong:?} was taken");
        }
        assert_eq!("9999999999999999999".parse(), Ok(AdamId(9_999_999_999_999_999_999)));
    }
}
