//! A sealing key: 32 bytes that never leave memory.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::aead::Generate as _;
use zeroize::{Zeroize as _, Zeroizing};

use super::SealingKeyError;

/// How many bytes a key has.
const KEY_BYTES: usize = 32;

/// A key for sealing secrets: exactly 32 random bytes. It is wiped from memory when dropped, never printed and never
/// stored.
///
/// Make one with `openssl rand -base64 32` and keep it where the embedder keeps such things, apart from the database
/// and its backups.
///
/// ```
/// use mdm_vpp_store::sealing::{SealingKey, SealingKeyError};
///
/// let key = SealingKey::parse("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")?;
/// assert_eq!(format!("{key:?}"), "SealingKey(..)");
///
/// let path = SealingKey::parse("/run/secrets/sealing.key");
/// assert_eq!(path.err(), Some(SealingKeyError::Path));
/// # Ok::<(), SealingKeyError>(())
/// ```
#[derive(Clone)]
pub struct SealingKey(Box<Zeroizing<[u8; KEY_BYTES]>>);

impl SealingKey {
    /// Reads a key from 44 characters of base64 (standard alphabet, with its `=`) or from 64 hex digits. White space
    /// around it is cut off.
    ///
    /// # Errors
    ///
    /// [`SealingKeyError`] says what the text looks like instead.
    pub fn parse(text: impl AsRef<str>) -> Result<Self, SealingKeyError> {
        let text = text.as_ref().trim();
        if text.is_empty() {
            return Err(SealingKeyError::Empty);
        }
        let bytes = decode_hex(text).or_else(|| decode_base64(text)).ok_or_else(|| describe(text))?;
        let mut key = Box::new(Zeroizing::new([0; KEY_BYTES]));
        if bytes.len() != KEY_BYTES {
            return Err(match describe(text) {
                SealingKeyError::NotBase64OrHex => SealingKeyError::WrongLength { bytes: bytes.len() },
                better => better,
            });
        }
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    /// Draws a key from the operating system's randomness, for tests and trials. It cannot be read out again: what it
    /// seals is lost with it.
    ///
    /// # Errors
    ///
    /// [`SealingKeyError::NoRandomness`] when the operating system gives none.
    pub fn generate() -> Result<Self, SealingKeyError> {
        let drawn =
            Zeroizing::new(<[u8; KEY_BYTES]>::try_generate().map_err(|_| SealingKeyError::NoRandomness)?);
        Ok(Self(Box::new(drawn)))
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(..)")
    }
}

fn decode_hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(digits.len() / 2));
    for pair in digits.chunks_exact(2) {
        let pair = std::str::from_utf8(pair).ok()?;
        bytes.push(u8::from_str_radix(pair, 16).ok()?);
    }
    Some(bytes)
}

fn decode_base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Vec::new();
    match STANDARD.decode_vec(text, &mut bytes) {
        Ok(()) => Some(Zeroizing::new(bytes)),
        Err(_) => {
            bytes.zeroize();
            None
        }
    }
}

/// What a text that is no key looks like.
fn describe(text: &str) -> SealingKeyError {
    let drive = |text: &str| text.chars().nth(1) == Some(':') && text.chars().nth(2) == Some('\\');
    if text.contains("-----BEGIN") {
        return SealingKeyError::Pem;
    }
    let starts = ["/", "./", "../", "~", "file:", "\\\\"];
    if starts.iter().any(|start| text.starts_with(start)) || drive(text) {
        return SealingKeyError::Path;
    }
    SealingKeyError::NotBase64OrHex
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE64: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
    const HEX: &str = "abcdef1234567890abcdef1234567890abcdef1234567890ABCDEF1234567890";

    #[test]
    fn base64_and_hex_of_32_bytes_are_the_same_key() {
        let key = SealingKey::parse(BASE64).unwrap();
        assert_eq!(key.bytes(), SealingKey::parse(HEX).unwrap().bytes());
        assert_eq!(key.bytes(), SealingKey::parse(format!("  {HEX}\r\n")).unwrap().bytes());
        assert_eq!(key.bytes()[..3], [0xab, 0xcd, 0xef]);
    }

    #[test]
    fn what_is_no_key_is_refused_with_what_it_looks_like() {
        use SealingKeyError as E;
        let unpadded = BASE64.trim_end_matches('=');
        let long_path = "/run/secrets/mdm/vpp/production/sealing/key";
        assert_eq!(long_path.len(), unpadded.len(), "a path of the length of a key without its `=`");
        for (text, expected) in [
            ("", E::Empty),
            (" \n", E::Empty),
            ("/run/secrets/sealing.key", E::Path),
            ("/etc", E::Path),
            (long_path, E::Path),
            ("./key", E::Path),
            ("~/key", E::Path),
            ("file:///key", E::Path),
            (r"C:\keys\sealing.key", E::Path),
            ("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----", E::Pem),
            ("QUJD", E::WrongLength { bytes: 3 }),
            ("abcdef", E::WrongLength { bytes: 3 }),
            (&HEX[2..], E::WrongLength { bytes: 31 }),
            (&format!("{HEX}00"), E::WrongLength { bytes: 33 }),
            (unpadded, E::NotBase64OrHex),
            ("correct horse battery staple", E::NotBase64OrHex),
            ("ключ", E::NotBase64OrHex),
        ] {
            assert_eq!(SealingKey::parse(text).err(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn neither_a_key_nor_an_error_prints_what_was_given() {
        let shown = format!("{:?}", SealingKey::parse(BASE64).unwrap());
        assert_eq!(shown, "SealingKey(..)");
        let slip = BASE64.replace('=', "!");
        let error = SealingKey::parse(&slip).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("q83v"), "{error}");
    }
}
