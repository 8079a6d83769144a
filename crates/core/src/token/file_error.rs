//! What can be wrong with an uploaded token file, and what to do about it.

use chrono::{DateTime, Utc};
use thiserror::Error;

/// Why an uploaded file is not a usable content token. No variant holds a byte of the file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenFileError {
    /// The file has no content.
    #[error("the token file is empty: download the content token (.vpptoken) again and upload that file")]
    Empty,
    /// The file is far larger than any content token.
    #[error(
        "the token file has {size} bytes, a content token has at most {limit}: \
         check that the .vpptoken file was chosen"
    )]
    TooLarge {
        /// The size of the file in bytes.
        size: usize,
        /// The largest size that is read, in bytes.
        limit: usize,
    },
    /// The file is the server token of automated device enrollment, which comes from the same portal.
    #[error(
        "this is the device enrollment server token (.p7m), not the content token: \
         download the content token (.vpptoken) under Payments and Billing, Apps and Books"
    )]
    DeviceEnrollmentToken,
    /// The file is not Base64 text.
    #[error("the token file is not Base64 text: upload the .vpptoken file as it was downloaded")]
    NotBase64,
    /// The Base64 text does not hold a JSON object.
    #[error(
        "the token file decodes, but not to a content token: upload the .vpptoken file as it was downloaded"
    )]
    NotJson,
    /// The JSON object lacks a member that every content token has, or holds it empty or of another type.
    #[error("the token file has no readable `{name}`: download the content token again")]
    MissingMember {
        /// Apple's name of the member: `token`, `orgName` or `expDate`.
        name: &'static str,
    },
    /// The expiry date is not in any known format.
    #[error("the token file's expiry date (`expDate`) cannot be read: download the content token again")]
    UnreadableExpiry,
    /// The token had ended when it was uploaded.
    #[error("the content token expired on {expired_at}: download a new one, it is valid for a year")]
    Expired {
        /// When it ended, UTC.
        expired_at: DateTime<Utc>,
    },
}

impl TokenFileError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "token_file_empty",
            Self::TooLarge { .. } => "token_file_too_large",
            Self::DeviceEnrollmentToken => "token_file_device_enrollment_token",
            Self::NotBase64 => "token_file_not_base64",
            Self::NotJson => "token_file_not_json",
            Self::MissingMember { .. } => "token_file_missing_member",
            Self::UnreadableExpiry => "token_file_unreadable_expiry",
            Self::Expired { .. } => "token_file_expired",
        }
    }
}
