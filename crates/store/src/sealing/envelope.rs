//! The bytes around a sealed secret: which version, which key, which nonce.
//!
//! | Bytes | What |
//! |---|---|
//! | 1 | version of the envelope, 1 |
//! | 1 | length of the key id, 1 to 32 |
//! | 1 to 32 | key id, ASCII |
//! | 24 | nonce |
//! | 16 and more | ciphertext, which ends in the tag |

use super::{KeyId, SealingError};

/// The version that this code writes.
pub(super) const VERSION: u8 = 1;
/// The bytes of a nonce of XChaCha20.
pub(super) const NONCE_BYTES: usize = 24;
/// The bytes by which the ciphertext is longer than the secret: the tag of Poly1305.
const TAG_BYTES: usize = 16;

/// A sealed value, taken apart.
#[derive(Debug)]
pub(super) struct Envelope<'a> {
    pub(super) key_id: KeyId,
    pub(super) nonce: &'a [u8; NONCE_BYTES],
    pub(super) ciphertext: &'a [u8],
}

impl<'a> Envelope<'a> {
    pub(super) fn read(sealed: &'a [u8]) -> Result<Self, SealingError> {
        let malformed = |what| SealingError::Malformed { what };
        let cut_short = || malformed("it is cut short");
        let (version, rest) = sealed.split_first().ok_or_else(|| malformed("it is empty"))?;
        if *version != VERSION {
            return Err(SealingError::UnknownVersion { found: *version, known: VERSION });
        }
        let (length, rest) = rest.split_first().ok_or_else(cut_short)?;
        let (key_id, rest) = rest.split_at_checked(usize::from(*length)).ok_or_else(cut_short)?;
        let key_id = std::str::from_utf8(key_id).ok().and_then(|text| KeyId::new(text).ok());
        let key_id = key_id.ok_or_else(|| malformed("its key id is not readable"))?;
        let (nonce, ciphertext) = rest.split_first_chunk().ok_or_else(cut_short)?;
        if ciphertext.len() < TAG_BYTES {
            return Err(cut_short());
        }
        Ok(Self { key_id, nonce, ciphertext })
    }
}

/// The part of the envelope before the nonce, in clear.
pub(super) fn head(key_id: &KeyId) -> Vec<u8> {
    let id = key_id.as_str().as_bytes();
    let length = u8::try_from(id.len()).unwrap_or(u8::MAX);
    let mut bytes = vec![VERSION, length];
    bytes.extend_from_slice(id);
    bytes
}

/// The id of the key that opens a sealed value. It needs no key, so a rotation can count what is still sealed with an old
/// one.
///
/// ```
/// use mdm_vpp_store::sealing::{KeyId, KeyRing, Place, SealingKey, key_id_of};
///
/// let key = SealingKey::parse("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")?;
/// let ring = KeyRing::new(KeyId::new("2026-q1")?, key);
/// let sealed = ring.seal(&Place::new("tokens", &["acme", "1"], "sealed_secret"), b"secret")?;
/// assert_eq!(key_id_of(&sealed)?.as_str(), "2026-q1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`SealingError::Malformed`] and [`SealingError::UnknownVersion`].
pub fn key_id_of(sealed: &[u8]) -> Result<KeyId, SealingError> {
    Envelope::read(sealed).map(|envelope| envelope.key_id)
}
