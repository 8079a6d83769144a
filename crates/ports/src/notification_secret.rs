//! The secret that Apple's notifications carry.

use std::{fmt, time::Duration};

use mdm_vpp_core::audience::Audience;
use subtle::{Choice, ConstantTimeEq};
use thiserror::Error;
use zeroize::Zeroizing;

/// The secret that Apple sends with each notification, as `Authorization: Bearer`. Apple signs nothing, so a sender
/// that knows the secret is taken for Apple.
///
/// It is wiped from memory when dropped, compared in constant time, never printed and never serialised.
///
/// ```
/// use mdm_vpp_ports::NotificationSecret;
///
/// let secret = NotificationSecret::new("Zml2ZSBrZXlz")?;
/// assert_eq!(format!("{secret:?}"), "NotificationSecret(..)");
/// # Ok::<(), mdm_vpp_ports::NotificationSecretError>(())
/// ```
#[derive(Clone)]
pub struct NotificationSecret(Zeroizing<String>);

/// Why a text cannot be the secret of notifications. Never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotificationSecretError {
    /// Nothing was given.
    #[error("the secret of notifications is empty: give it at least 32 random characters")]
    Empty,
    /// A character that the header cannot carry.
    #[error(
        "the secret of notifications holds a character that a bearer token cannot have: \
         letters, digits and `-._~+/` are allowed, and `=` at the end"
    )]
    NotABearerToken,
}

impl NotificationSecretError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty_secret",
            Self::NotABearerToken => "not_a_bearer_token",
        }
    }

    /// Whether the same text may be accepted later: never.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        false
    }

    /// The wait before trying again: none.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// Who can act on it: the caller gives another secret.
    #[must_use]
    pub const fn audience(&self) -> Audience {
        Audience::Caller
    }
}

impl NotificationSecret {
    /// Checks and keeps a secret. Apple's service config limits its length (`maxNotificationLength`, 512 as
    /// documented); Apple refuses a longer one with number 9711.
    ///
    /// # Errors
    ///
    /// [`NotificationSecretError`] when the text is empty or not a bearer token (RFC 6750: letters, digits and `-._~+/`,
    /// then any number of `=`).
    pub fn new(text: impl Into<String>) -> Result<Self, NotificationSecretError> {
        let text = Zeroizing::new(text.into());
        let inside = text.trim_end_matches('=');
        if text.is_empty() {
            return Err(NotificationSecretError::Empty);
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
        if inside.is_empty() || !inside.bytes().all(allowed) {
            return Err(NotificationSecretError::NotABearerToken);
        }
        Ok(Self(text))
    }

    /// The secret in clear, for the one place that sends or seals it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn is(&self, presented: &str) -> Choice {
        self.0.as_bytes().ct_eq(presented.as_bytes())
    }
}

impl PartialEq for NotificationSecret {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0).into()
    }
}

impl Eq for NotificationSecret {}

impl fmt::Debug for NotificationSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotificationSecret(..)")
    }
}

/// The secrets that a notification may carry: the one that was sent to Apple last and, while it is being changed, the
/// one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationSecrets {
    current: NotificationSecret,
    previous: Option<NotificationSecret>,
}

impl NotificationSecrets {
    /// Accepts this secret alone.
    #[must_use]
    pub const fn only(current: NotificationSecret) -> Self {
        Self { current, previous: None }
    }

    /// Accepts either: Apple may still send the previous one until it has taken the current one.
    #[must_use]
    pub const fn rotating(current: NotificationSecret, previous: NotificationSecret) -> Self {
        Self { current, previous: Some(previous) }
    }

    /// Whether what came with a notification is one of them.
    ///
    /// The time it takes reveals at most whether the length is right, because each secret is compared to its end, and
    /// both are compared always.
    #[must_use]
    pub fn accept(&self, presented: &str) -> bool {
        // `|` on `Choice`, not `||` on `bool`: a short cut after the first match would show in the time.
        let previous = self.previous.as_ref().map_or(Choice::from(0), |secret| secret.is(presented));
        (self.current.is(presented) | previous).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_token_is_a_secret() {
        assert_eq!(NotificationSecret::new(""), Err(NotificationSecretError::Empty));
        for wrong in ["=", "==", "a=b", "a b", "ä", "a\n", "a\r\nx: y", "\"a\""] {
            let refused = Err(NotificationSecretError::NotABearerToken);
            assert_eq!(NotificationSecret::new(wrong), refused, "{wrong:?}");
        }
        for right in ["k3y", "aZ09-._~+/", "YQ==", &"x".repeat(600)] {
            assert!(NotificationSecret::new(right).is_ok(), "{right:?}");
        }
    }

    #[test]
    fn both_secrets_are_accepted_while_they_change_and_no_other() {
        let secret = |text: &str| NotificationSecret::new(text).unwrap();
        let rotating = NotificationSecrets::rotating(secret("new-secret"), secret("old-secret"));
        assert!(rotating.accept("new-secret") && rotating.accept("old-secret"));
        let only = NotificationSecrets::only(secret("new-secret"));
        for wrong in ["", "new-secre", "new-secret=", "New-secret", "old-secret"] {
            assert!(!only.accept(wrong), "{wrong:?}");
        }
        assert!(only.accept("new-secret"));
        assert!(!format!("{rotating:?}").contains("secret\""), "{rotating:?}");
    }
}
