//! The content token itself: the secret that gives access to a location.

use std::fmt;

use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

/// The secret of a location, exactly as it goes into Apple's `Authorization: Bearer` header.
///
/// It is wiped from memory when dropped, compared in constant time, never printed and never serialised. Pass it only to
/// a [`LicenseService`] or to a store that seals it.
///
/// ```
/// use mdm_vpp_core::token::ContentToken;
///
/// let token = ContentToken::new("eyJ0b2tlbiI6Ilg")?;
/// assert_eq!(format!("{token:?}"), "ContentToken(..)");
/// # Ok::<(), mdm_vpp_core::token::ContentTokenError>(())
/// ```
///
/// [`LicenseService`]: https://docs.rs/mdm-vpp-ports
#[derive(Clone)]
pub struct ContentToken(Zeroizing<String>);

/// The reason for which a text cannot be a content token. It never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ContentTokenError {
    /// The text is empty.
    #[error("the content token is empty: upload the .vpptoken file again")]
    Empty,
    /// The text holds a character that the header cannot carry.
    #[error(
        "the content token holds a character that a header cannot carry: upload the .vpptoken file again"
    )]
    NotHeaderSafe,
}

impl ContentToken {
    /// Checks and keeps a secret that was read from a token file or from a store.
    ///
    /// # Errors
    ///
    /// [`ContentTokenError`] when the text is empty or holds anything but the characters of a bearer token
    /// (RFC 6750: letters, digits and `-._~+/=`).
    pub fn new(text: impl Into<String>) -> Result<Self, ContentTokenError> {
        let text = Zeroizing::new(text.into());
        if text.is_empty() {
            return Err(ContentTokenError::Empty);
        }
        let bearer = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if !text.bytes().all(bearer) {
            return Err(ContentTokenError::NotHeaderSafe);
        }
        Ok(Self(text))
    }

    /// The secret in clear, for the code that sends or seals it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl PartialEq for ContentToken {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for ContentToken {}

impl fmt::Debug for ContentToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentToken(..)")
    }
}
