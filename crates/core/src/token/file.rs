//! The `.vpptoken` file that an administrator downloads from Apple and uploads: its parser, its errors, its dates.

use base64::{
    Engine as _,
    alphabet::STANDARD as STANDARD_ALPHABET,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use super::ContentToken;
use crate::printable::printable_name;

/// The largest upload that is read, in bytes. Ours: real files have a few hundred bytes, and the limit keeps a wrong
/// file from being decoded in memory.
pub const LARGEST_TOKEN_FILE: usize = 64 * 1024;

/// Base64 that ignores missing padding and stray trailing bits. Administrators paste, mail and re-save these files, and
/// each step may damage them in this way (observed).
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD_ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A parsed content token file: the secret, the organization's name and the end of the token's life.
///
/// ```
/// use base64::{Engine as _, engine::general_purpose::STANDARD};
/// use mdm_vpp_core::token::TokenFile;
///
/// let upload = STANDARD.encode(
///     r#"{"token":"QUJDREVG","expDate":"2027-03-01T10:00:00+0000","orgName":"Example GmbH"}"#,
/// );
/// let file = TokenFile::parse(upload.as_bytes())?;
/// assert_eq!(file.organization(), "Example GmbH");
/// assert_eq!(file.expires_at().to_rfc3339(), "2027-03-01T10:00:00+00:00");
/// # Ok::<(), mdm_vpp_core::token::TokenFileError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFile {
    content_token: ContentToken,
    organization: String,
    expires_at: DateTime<Utc>,
}

impl TokenFile {
    /// Parses an upload of at most [`LARGEST_TOKEN_FILE`] bytes. The file's name plays no part.
    ///
    /// Accepted are also a byte order mark, white space anywhere, missing padding, the URL-safe alphabet, the decoded
    /// JSON pasted as it is, and a file that was encoded twice (all observed). The secret that goes to Apple is the
    /// Base64 text of the JSON, without white space.
    ///
    /// # Errors
    ///
    /// [`TokenFileError`] names what is wrong. An expired file parses: [`usable_at`](Self::usable_at) refuses it,
    /// because the core has no clock.
    pub fn parse(bytes: &[u8]) -> Result<Self, TokenFileError> {
        if bytes.len() > LARGEST_TOKEN_FILE {
            return Err(TokenFileError::TooLarge { size: bytes.len(), limit: LARGEST_TOKEN_FILE });
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|_| TokenFileError::NotBase64)?.trim();
        if text.is_empty() {
            return Err(TokenFileError::Empty);
        }
        if is_device_enrollment_token(text) {
            return Err(TokenFileError::DeviceEnrollmentToken);
        }
        if text.starts_with('{') {
            return Self::read(text.as_bytes(), STANDARD.encode(text));
        }
        let outer = without_white_space(text);
        let decoded = decode(&outer).ok_or(TokenFileError::NotBase64)?;
        if let Some(inner) = encoded_once_more(&decoded) {
            let decoded = decode(&inner).ok_or(TokenFileError::NotJson)?;
            return Self::read(&decoded, inner.to_string());
        }
        Self::read(&decoded, outer.to_string())
    }

    /// Refuses a token that has ended.
    ///
    /// # Errors
    ///
    /// [`TokenFileError::Expired`] when `now` (UTC) is at or after the end.
    pub fn usable_at(&self, now: DateTime<Utc>) -> Result<(), TokenFileError> {
        if self.expires_at <= now {
            return Err(TokenFileError::Expired { expired_at: self.expires_at });
        }
        Ok(())
    }

    /// The secret, as it goes to Apple.
    #[must_use]
    pub fn content_token(&self) -> &ContentToken {
        &self.content_token
    }

    /// The organization's name (`orgName`) as Apple wrote it, with control characters replaced.
    #[must_use]
    pub fn organization(&self) -> &str {
        &self.organization
    }

    /// The end of the token's life (`expDate`), UTC. Apple's replies may correct it.
    #[must_use]
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// Reads the JSON of a file. `outer` is its Base64 text, which becomes the secret.
    fn read(json: &[u8], outer: String) -> Result<Self, TokenFileError> {
        let mut value: Value = serde_json::from_slice(json).map_err(|_| TokenFileError::NotJson)?;
        let members = value.as_object_mut().ok_or(TokenFileError::NotJson)?;
        let mut member = |name: &'static str| match members.remove(name) {
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Zeroizing::new(text)),
            _ => Err(TokenFileError::MissingMember { name }),
        };
        let outer = Zeroizing::new(outer);
        // The member `token` must be there, but is not kept: Apple wants the whole file back as the bearer token.
        member("token")?;
        let organization = printable_name(&member("orgName")?);
        let expires_at = parse_expiry(&member("expDate")?).ok_or(TokenFileError::UnreadableExpiry)?;
        let content_token = ContentToken::new(outer.as_str()).map_err(|_| TokenFileError::NotBase64)?;
        Ok(Self { content_token, organization, expires_at })
    }
}

/// Whether the text is the server token of device enrollment. That one is an S/MIME message, whose header comes first.
fn is_device_enrollment_token(text: &str) -> bool {
    let head: String = text.chars().take(1024).collect::<String>().to_ascii_lowercase();
    head.contains("application/pkcs7-mime") || head.contains("application/x-pkcs7-mime")
}

fn without_white_space(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.chars().filter(|character| !character.is_ascii_whitespace()).collect())
}

fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut standard: Vec<u8> = text
        .bytes()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => byte,
        })
        .collect();
    let decoded = LENIENT.decode(&standard).ok().map(Zeroizing::new);
    standard.zeroize();
    decoded
}

/// The inner Base64 text of a file that was encoded twice; `None` for a file that holds its JSON directly.
fn encoded_once_more(decoded: &[u8]) -> Option<Zeroizing<String>> {
    let text = std::str::from_utf8(decoded).ok()?;
    let inner = without_white_space(text);
    let json = inner.starts_with('{');
    let base64 = !inner.is_empty() && decode(&inner).is_some();
    (!json && base64).then_some(inner)
}

/// The reason for which an upload is not a usable content token. No variant holds a byte of the file, so that no log
/// can show a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenFileError {
    /// The file has no content.
    #[error("the token file is empty: download the content token (.vpptoken) again and upload that file")]
    Empty,
    /// The file is far larger than any content token.
    #[error(
        "the token file has {size} bytes, but a content token has at most {limit}: \
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
    #[error("the content token expired on {expired_at}: download a new one, which is valid for a year")]
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

/// Parses an expiry date of a token file (`expDate`) or of a reply (`tokenExpirationDate`) into UTC; `None` when the
/// text is not such a date.
///
/// Accepted offsets are `Z`, `+hhmm`, `+hh:mm` and `+hh`; a date without an offset is UTC. Fractions of a second are
/// kept.
///
/// Sources: Apple's documentation shows `2030-11-08T22:33:22+0000`; the other forms were observed in files and clients.
///
/// ```
/// use mdm_vpp_core::token::parse_expiry;
///
/// let apple = parse_expiry("2030-11-08T22:33:22+0000");
/// assert!(apple.is_some());
/// assert_eq!(apple, parse_expiry("2030-11-09T00:33:22+02:00"));
/// ```
#[must_use]
pub fn parse_expiry(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let with_offset = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z").map(|at| at.to_utc());
    let without = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|at| at.and_utc());
    with_offset.or_else(|_| without()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_one_instant_is_that_instant() {
        let instant = parse_expiry("2020-12-31T11:57:19+0000");
        assert!(instant.is_some());
        for spelling in [
            "2020-12-31T11:57:19Z",
            "2020-12-31T11:57:19z",
            "2020-12-31T11:57:19",
            "2020-12-31T13:57:19+02:00",
            "2020-12-31T13:57:19+0200",
            "2020-12-31T13:57:19+02",
            "2020-12-31T04:57:19-0700",
            " 2020-12-31T11:57:19+0000\n",
        ] {
            assert_eq!(parse_expiry(spelling), instant, "{spelling:?}");
        }
        assert_eq!(
            parse_expiry("2020-12-31T11:57:19.250Z").map(|at| at.timestamp_millis()),
            instant.map(|at| at.timestamp_millis() + 250)
        );
    }

    #[test]
    fn a_text_that_is_not_a_date_is_refused() {
        for wrong in
            ["", "soon", "2020-13-01T00:00:00Z", "2020-12-31", "1609415839000", "2020-12-31T11:57:19+99:99"]
        {
            assert_eq!(parse_expiry(wrong), None, "{wrong:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[+-]?[0-9]{4,7}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,12})?(Z|[+-][0-9:]{0,6})?") {
            let _ = parse_expiry(&text);
        }
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod file_tests;
