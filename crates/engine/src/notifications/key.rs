//! A notification key: 32 bytes from which the secrets of all locations are derived.

use std::fmt;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit, Mac};
use mdm_vpp_core::id::LocationId;
use mdm_vpp_ports::{NotificationSecret, NotificationSecretError};
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

use super::NotificationKeyError;

/// How many bytes a key has.
const KEY_BYTES: usize = 32;
/// What the key is used for, so that it says nothing about any other use of it.
const LABEL: &[u8] = b"mdm-vpp notification bearer 1\0";

/// A key from which the secret of each location's notifications is derived: exactly 32 random bytes. It is wiped from
/// memory when dropped, never printed and never stored.
///
/// Make one with `openssl rand -base64 32` and keep it beside the sealing key. All processes of an installation need the
/// same one. Whoever knows it can speak in Apple's name to this installation, and nowhere else.
///
/// ```
/// use mdm_vpp_engine::{NotificationKey, NotificationKeyError};
///
/// let key = NotificationKey::parse("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")?;
/// assert_eq!(format!("{key:?}"), "NotificationKey(..)");
///
/// let path = NotificationKey::parse("/run/secrets/notification.key");
/// assert_eq!(path.err(), Some(NotificationKeyError::Path));
/// # Ok::<(), NotificationKeyError>(())
/// ```
#[derive(Clone)]
pub struct NotificationKey(Box<Zeroizing<[u8; KEY_BYTES]>>);

impl NotificationKey {
    /// Reads a key from 44 characters of base64 (standard alphabet, with its `=`) or from 64 hex digits. White space
    /// around it is cut off.
    ///
    /// # Errors
    ///
    /// [`NotificationKeyError`] says what the text looks like instead.
    pub fn parse(text: impl AsRef<str>) -> Result<Self, NotificationKeyError> {
        let text = text.as_ref().trim();
        if text.is_empty() {
            return Err(NotificationKeyError::Empty);
        }
        let bytes = hex(text).or_else(|| base64(text)).ok_or_else(|| describe(text))?;
        if bytes.len() != KEY_BYTES {
            return Err(match describe(text) {
                NotificationKeyError::NotBase64OrHex => {
                    NotificationKeyError::WrongLength { bytes: bytes.len() }
                }
                better => better,
            });
        }
        let mut key = Box::new(Zeroizing::new([0; KEY_BYTES]));
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    /// The secret of a location under this key: `{location}.{HMAC-SHA256 in base64url}`. The same every time, so nothing
    /// has to be kept of it.
    pub(super) fn secret(
        &self,
        location: &LocationId,
    ) -> Result<NotificationSecret, NotificationSecretError> {
        let keyed = Hmac::<Sha256>::new_from_slice(self.0.as_slice());
        let mut keyed = keyed.map_err(|_| NotificationSecretError::Empty)?;
        keyed.update(LABEL);
        keyed.update(location.as_str().as_bytes());
        let mut proof = keyed.finalize().into_bytes();
        let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(proof));
        proof.as_mut_slice().zeroize();
        NotificationSecret::new(format!("{location}.{}", encoded.as_str()))
    }
}

impl fmt::Debug for NotificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotificationKey(..)")
    }
}

fn hex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(digits.len() / 2));
    for pair in digits.chunks_exact(2) {
        bytes.push(u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?);
    }
    Some(bytes)
}

fn base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    STANDARD.decode_vec(text, &mut bytes).ok().map(|()| bytes)
}

/// What a text that is no key looks like.
fn describe(text: &str) -> NotificationKeyError {
    let drive = text.chars().nth(1) == Some(':') && text.chars().nth(2) == Some('\\');
    let starts = ["/", "./", "../", "~", "file:", "\\\\"];
    if text.contains("-----BEGIN") {
        NotificationKeyError::Pem
    } else if drive || starts.iter().any(|start| text.starts_with(start)) {
        NotificationKeyError::Path
    } else {
        NotificationKeyError::NotBase64OrHex
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE64: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
    const HEX: &str = "abcdef1234567890abcdef1234567890abcdef1234567890ABCDEF1234567890";

    fn secret(key: &str, location: &str) -> NotificationSecret {
        NotificationKey::parse(key).unwrap().secret(&LocationId::new(location).unwrap()).unwrap()
    }

    #[test]
    fn base64_and_hex_of_32_bytes_are_the_same_key() {
        assert_eq!(secret(BASE64, "7"), secret(HEX, "7"));
        assert_eq!(secret(BASE64, "7"), secret(&format!("  {HEX}\r\n"), "7"));
    }

    #[test]
    fn what_is_no_key_is_refused_with_what_it_looks_like_and_not_printed() {
        use NotificationKeyError as E;
        for (text, expected) in [
            ("", E::Empty),
            (" \n", E::Empty),
            ("/run/secrets/key", E::Path),
            ("/run/secrets/mdm/vpp/production/notify/key1", E::Path),
            ("./key", E::Path),
            ("~/key", E::Path),
            ("file:///key", E::Path),
            (r"C:\keys\notification.key", E::Path),
            ("-----BEGIN PRIVATE KEY-----\nMC4CAQA=\n-----END PRIVATE KEY-----", E::Pem),
            ("QUJD", E::WrongLength { bytes: 3 }),
            (&HEX[2..], E::WrongLength { bytes: 31 }),
            (&format!("{HEX}00"), E::WrongLength { bytes: 33 }),
            (BASE64.trim_end_matches('='), E::NotBase64OrHex),
            ("correct horse battery staple", E::NotBase64OrHex),
        ] {
            assert_eq!(NotificationKey::parse(text).err(), Some(expected), "{text:?}");
        }
        let shown = format!("{:?}", NotificationKey::parse(BASE64).unwrap());
        assert_eq!(shown, "NotificationKey(..)");
        let error = NotificationKey::parse(BASE64.replace('=', "!")).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("q83v"), "{error}");
    }

    #[test]
    fn a_secret_is_the_location_and_a_proof_that_fits_into_a_bearer() {
        let secret = secret(BASE64, "2049025000431439");
        let (location, proof) = secret.expose().rsplit_once('.').unwrap();
        assert_eq!((location, proof.len()), ("2049025000431439", 43));
        let longest = "7".repeat(LocationId::LONGEST);
        assert!(self::secret(HEX, &longest).expose().len() <= 512, "Apple's limit");
        // Derived with another implementation: what is subscribed at Apple must not change with a release.
        let known = self::secret(&"00".repeat(32), "7");
        assert_eq!(known.expose(), "7.wVaBtJ-ONjO6DD2woD3WYSpOP4mRx8M01_3txLTzonc");
    }
}
