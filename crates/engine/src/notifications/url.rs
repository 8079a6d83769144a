//! The address that Apple sends notifications to.

use std::fmt;

use thiserror::Error;

/// The address of the host's route for notifications, as Apple takes it: `https`, a host name and a path, nothing else.
/// One address serves all locations: the secret tells them apart.
///
/// ```
/// use mdm_vpp_engine::NotificationUrl;
///
/// let url = NotificationUrl::new("https://mdm.example.org/apple/notifications")?;
/// assert_eq!(url.as_str(), "https://mdm.example.org/apple/notifications");
/// assert_eq!(NotificationUrl::new("http://mdm.example.org").unwrap_err().code(), "notification_url_not_https");
/// # Ok::<(), mdm_vpp_engine::NotificationUrlError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationUrl(String);

/// Why a text cannot be the address of notifications. Never quotes it: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotificationUrlError {
    /// Apple takes at most 512 characters.
    #[error("the notification URL has {length} characters: Apple takes at most {}", NotificationUrl::LONGEST)]
    TooLong {
        /// How many it has.
        length: usize,
    },
    /// Another scheme, or none.
    #[error("the notification URL does not begin with `https://`: Apple takes no other")]
    NotHttps,
    /// There is no host name, or more than a host name: a user, a port.
    #[error("the notification URL needs a plain host name after `https://`, without user and port")]
    NoPlainHost,
    /// A query, a fragment, or a character that has to be escaped.
    #[error(
        "the notification URL holds more than host and path, or a character that has to be escaped: Apple takes neither query nor fragment"
    )]
    NotAPath,
}

impl NotificationUrlError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "notification_url_too_long",
            Self::NotHttps => "notification_url_not_https",
            Self::NoPlainHost => "notification_url_no_plain_host",
            Self::NotAPath => "notification_url_not_a_path",
        }
    }
}

impl NotificationUrl {
    /// The largest number of characters: Apple's documentation (`maxNotificationLength`).
    pub const LONGEST: usize = 512;

    /// Checks and keeps an address.
    ///
    /// # Errors
    ///
    /// [`NotificationUrlError`].
    pub fn new(text: impl Into<String>) -> Result<Self, NotificationUrlError> {
        let text = text.into();
        if text.len() > Self::LONGEST {
            return Err(NotificationUrlError::TooLong { length: text.len() });
        }
        let rest = text.strip_prefix("https://").ok_or(NotificationUrlError::NotHttps)?;
        let (host, path) = rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()));
        let of_a_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_label = |label: &str| !label.is_empty() && label.bytes().all(of_a_name);
        if !host.split('.').all(is_label) {
            return Err(NotificationUrlError::NoPlainHost);
        }
        let of_a_path = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@%".contains(&byte);
        if !path.bytes().all(of_a_path) {
            return Err(NotificationUrlError::NotAPath);
        }
        Ok(Self(text))
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NotificationUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_with_host_and_path_and_nothing_else() {
        use NotificationUrlError as E;
        for right in ["https://mdm.example.org", "https://mdm.example.org/", "https://a-b.c/d/e.f~g%20h"] {
            assert_eq!(NotificationUrl::new(right).unwrap().as_str(), right);
        }
        for (wrong, expected) in [
            ("", E::NotHttps),
            ("http://mdm.example.org/a", E::NotHttps),
            ("mdm.example.org/a", E::NotHttps),
            (" https://mdm.example.org", E::NotHttps),
            ("https://", E::NoPlainHost),
            ("https:///a", E::NoPlainHost),
            ("https://a..b/c", E::NoPlainHost),
            ("https://ada:secret@mdm.example.org/a", E::NoPlainHost),
            ("https://mdm.example.org:8443/a", E::NoPlainHost),
            ("https://[::1]/a", E::NoPlainHost),
            ("https://b\u{fc}ro.example/a", E::NoPlainHost),
            ("https://mdm.example.org/a?b=c", E::NotAPath),
            ("https://mdm.example.org?b=c", E::NotAPath),
            ("https://mdm.example.org/a#b", E::NotAPath),
            ("https://mdm.example.org/a b", E::NotAPath),
            ("https://mdm.example.org\\a", E::NotAPath),
            ("https://mdm.example.org/a\r\nX: y", E::NotAPath),
        ] {
            let error = NotificationUrl::new(wrong).unwrap_err();
            assert_eq!(error, expected, "{wrong:?}");
            assert!(!error.to_string().contains("secret"));
        }
        let longest = format!("https://a/{}", "b".repeat(502));
        assert!(NotificationUrl::new(longest.as_str()).is_ok());
        assert_eq!(NotificationUrl::new(format!("{longest}b")), Err(E::TooLong { length: 513 }));
    }
}
