//! The name of a token, which is unique in its tenant.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A token's name: 1 to 100 visible characters, without white space at its ends.
///
/// Within a tenant two names that differ only in case count as the same name (MaaS360 asks for unique names; ignoring
/// case is ours).
///
/// ```
/// use mdm_vpp_core::token::TokenName;
///
/// let name = TokenName::new(" Straße ")?;
/// assert_eq!(name.as_str(), "Straße");
/// assert_eq!(name.folded(), TokenName::new("STRASSE")?.folded());
/// # Ok::<(), mdm_vpp_core::token::TokenNameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TokenName(String);

/// The reason for which a text cannot be a token's name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenNameError {
    /// The text is empty or white space.
    #[error("the token name is empty: enter a name that helps to identify the token")]
    Empty,
    /// More than [`TokenName::LONGEST`] characters.
    #[error("the token name has {length} characters: at most {limit} are allowed")]
    TooLong {
        /// The number of characters given.
        length: usize,
        /// The largest number allowed.
        limit: usize,
    },
    /// A line break, a character without width or one that turns the direction of text.
    #[error(
        "the token name holds a character that cannot be seen: use letters, digits, spaces and punctuation"
    )]
    Invisible,
}

impl TokenName {
    /// The largest number of characters. Ours: enough for any name, and short enough for a list.
    pub const LONGEST: usize = 100;

    /// Checks a name after white space was cut off its ends.
    ///
    /// # Errors
    ///
    /// [`TokenNameError`] says what to change.
    pub fn new(text: impl AsRef<str>) -> Result<Self, TokenNameError> {
        let text = text.as_ref().trim();
        let length = text.chars().count();
        if text.is_empty() {
            return Err(TokenNameError::Empty);
        }
        if length > Self::LONGEST {
            return Err(TokenNameError::TooLong { length, limit: Self::LONGEST });
        }
        if !text.chars().all(crate::printable::is_printable) {
            return Err(TokenNameError::Invisible);
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as it was entered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form in which names are compared, without case.
    #[must_use]
    pub fn folded(&self) -> String {
        // Upper case comes first: only it makes `ß` and `SS`, or the two lower-case forms of sigma, the same.
        self.0.to_uppercase().to_lowercase()
    }
}

impl TryFrom<String> for TokenName {
    type Error = TokenNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(text)
    }
}

impl From<TokenName> for String {
    fn from(name: TokenName) -> String {
        name.0
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_checked_and_counted_in_characters() {
        assert_eq!(TokenName::new("  "), Err(TokenNameError::Empty));
        assert_eq!(TokenName::new("a\nb"), Err(TokenNameError::Invisible));
        assert_eq!(TokenName::new("\u{200b}"), Err(TokenNameError::Invisible));
        assert!(TokenName::new("ü".repeat(100)).is_ok());
        assert_eq!(TokenName::new("ü".repeat(101)), Err(TokenNameError::TooLong { length: 101, limit: 100 }));
    }

    #[test]
    fn names_that_differ_in_case_alone_are_the_same() {
        for (one, other) in [("Berlin", "BERLIN"), ("Σίσυφος", "ΣΊΣΥΦΟΣ"), ("große", "GROSSE")]
        {
            assert_eq!(TokenName::new(one).unwrap().folded(), TokenName::new(other).unwrap().folded());
        }
        assert_ne!(TokenName::new("Berlin").unwrap().folded(), TokenName::new("Bern").unwrap().folded());
    }
}
