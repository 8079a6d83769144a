//! How a sealed value names the key that opens it.

use std::fmt;

use thiserror::Error;

/// The name of a sealing key: 1 to 32 ASCII letters, digits and `-`. It is not secret; it stands in every value
/// that the key sealed.
///
/// ```
/// use mdm_vpp_store::sealing::KeyId;
///
/// let id = KeyId::new("2026-q1")?;
/// assert_eq!(id.as_str(), "2026-q1");
/// # Ok::<(), mdm_vpp_store::sealing::KeyIdError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(Box<str>);

/// Why a text cannot name a key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyIdError {
    /// Nothing was given.
    #[error("the key id is empty: give the sealing key a short name, for example `2026-q1`")]
    Empty,
    /// More than [`KeyId::LONGEST`] characters.
    #[error("the key id has {length} bytes: at most {limit} are allowed")]
    TooLong {
        /// How many bytes were given.
        length: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A character that is not allowed.
    #[error("the key id holds the character {character:?}: only ASCII letters, digits and `-` are allowed")]
    Character {
        /// The first such character.
        character: char,
    },
}

impl KeyId {
    /// The largest number of characters.
    pub const LONGEST: usize = 32;

    /// Checks and keeps a name.
    ///
    /// # Errors
    ///
    /// [`KeyIdError`] says what to change.
    pub fn new(text: impl AsRef<str>) -> Result<Self, KeyIdError> {
        let text = text.as_ref();
        if text.is_empty() {
            return Err(KeyIdError::Empty);
        }
        let allowed = |character: &char| character.is_ascii_alphanumeric() || *character == '-';
        if let Some(character) = text.chars().find(|character| !allowed(character)) {
            return Err(KeyIdError::Character { character });
        }
        if text.len() > Self::LONGEST {
            return Err(KeyIdError::TooLong { length: text.len(), limit: Self::LONGEST });
        }
        Ok(Self(text.into()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({:?})", &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_id_has_1_to_32_plain_characters() {
        for wrong in ["", "a b", "a/b", "ä", "a:b", "a\n", &"k".repeat(33)] {
            assert!(KeyId::new(wrong).is_err(), "{wrong:?} was taken");
        }
        for right in ["k", "2026-Q1", &"k".repeat(32)] {
            assert_eq!(KeyId::new(right).unwrap().as_str(), right);
        }
    }
}
