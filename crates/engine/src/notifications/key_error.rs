//! Why a text cannot be a notification key.

use thiserror::Error;

/// Why a text cannot be a notification key. Never quotes the text: it may be a secret that was put into the wrong place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotificationKeyError {
    /// Nothing was given.
    #[error(
        "the notification key is empty: give 32 random bytes as base64, `openssl rand -base64 32` makes them"
    )]
    Empty,
    /// A path instead of what the file holds.
    #[error("the notification key looks like a path: give what the file holds")]
    Path,
    /// A key of another kind.
    #[error("the notification key looks like a PEM file: give 32 random bytes as base64 or hex")]
    Pem,
    /// Too short or too long.
    #[error("the notification key has {bytes} bytes: it needs exactly 32")]
    WrongLength {
        /// How many it has.
        bytes: usize,
    },
    /// Text of another kind.
    #[error("the notification key is neither base64 with its `=` nor hex digits")]
    NotBase64OrHex,
}

impl NotificationKeyError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "notification_key_empty",
            Self::Path => "notification_key_path",
            Self::Pem => "notification_key_pem",
            Self::WrongLength { .. } => "notification_key_wrong_length",
            Self::NotBase64OrHex => "notification_key_not_base64_or_hex",
        }
    }
}
