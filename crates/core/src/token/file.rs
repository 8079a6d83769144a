//! The `.vpptoken` file that an administrator downloads from Apple and uploads here.

use base64::{
    Engine as _,
    alphabet::STANDARD as STANDARD_ALPHABET,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use chrono::{DateTime, Utc};
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    printable::printable_name,
    token::{ContentToken, TokenFileError, parse_expiry},
};

/// The largest upload that is read, in bytes: content decides, and real files have a few hundred.
pub const LARGEST_TOKEN_FILE: usize = 64 * 1024;

/// Padding and stray trailing bits do not matter: files are pasted, mailed and re-saved.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD_ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A content token file that was read: the secret, the organization's name and the end of its life.
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
    /// Reads an upload of at most [`LARGEST_TOKEN_FILE`] bytes. The file's name plays no part.
    ///
    /// A byte order mark, white space anywhere, missing padding, the URL-safe alphabet, the decoded JSON pasted
    /// as it is, and a file that was encoded twice are all read. What goes to Apple later is the outer Base64
    /// text without its white space.
    ///
    /// # Errors
    ///
    /// [`TokenFileError`] names what is wrong; an expired file is read here and refused by
    /// [`usable_at`](Self::usable_at), because the core has no clock.
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
    /// [`TokenFileError::Expired`] when `now` is at or after the end.
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

    /// The organization's name (`orgName`) as Apple wrote it, control characters replaced.
    #[must_use]
    pub fn organization(&self) -> &str {
        &self.organization
    }

    /// The end of the token's life (`expDate`), UTC. Apple's replies may correct it.
    #[must_use]
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    fn read(json: &[u8], outer: String) -> Result<Self, TokenFileError> {
        let mut value: Value = serde_json::from_slice(json).map_err(|_| TokenFileError::NotJson)?;
        let members = value.as_object_mut().ok_or(TokenFileError::NotJson)?;
        let mut member = |name: &'static str| match members.remove(name) {
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(Zeroizing::new(text)),
            _ => Err(TokenFileError::MissingMember { name }),
        };
        let outer = Zeroizing::new(outer);
        member("token")?;
        let organization = printable_name(&member("orgName")?);
        let expires_at = parse_expiry(&member("expDate")?).ok_or(TokenFileError::UnreadableExpiry)?;
        let content_token = ContentToken::new(outer.as_str()).map_err(|_| TokenFileError::NotBase64)?;
        Ok(Self { content_token, organization, expires_at })
    }
}

/// The enrollment token is an S/MIME message; its header comes first.
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

/// The inner text of a file that was encoded twice; `None` for one that holds its JSON directly.
fn encoded_once_more(decoded: &[u8]) -> Option<Zeroizing<String>> {
    let text = std::str::from_utf8(decoded).ok()?;
    let inner = without_white_space(text);
    let json = inner.starts_with('{');
    let base64 = !inner.is_empty() && decode(&inner).is_some();
    (!json && base64).then_some(inner)
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
