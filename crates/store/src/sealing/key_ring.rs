//! The keys of an installation: one that seals, and older ones that still open.

use std::{collections::BTreeMap, fmt};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Generate as _, Payload},
};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    KeyId, Opened, Place, SealingError, SealingKey,
    envelope::{self, Envelope},
};

/// The sealing keys of an installation: the current one, and old ones.
///
/// New secrets are sealed with the current key; what an old key sealed still opens. To rotate, make the new key the
/// current one and keep the old one in the ring.
///
/// ```
/// use mdm_vpp_store::sealing::{KeyId, KeyRing, Place, SealingKey};
///
/// let old = SealingKey::parse("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=")?;
/// let new = SealingKey::parse("EjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8=")?;
/// let place = Place::new("tokens", &["acme", "2049025000431439"], "sealed_secret");
///
/// let before = KeyRing::new(KeyId::new("2025")?, old.clone());
/// let sealed = before.seal(&place, b"secret")?;
///
/// let after = KeyRing::new(KeyId::new("2026")?, new).with_old_key(KeyId::new("2025")?, old)?;
/// assert_eq!(after.open(&place, &sealed)?.expose(), b"secret");
///
/// let elsewhere = Place::new("tokens", &["globex", "2049025000431439"], "sealed_secret");
/// assert!(after.open(&elsewhere, &sealed).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct KeyRing {
    current: Option<KeyId>,
    keys: BTreeMap<KeyId, SealingKey>,
}

/// Why a key cannot go into a ring.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyRingError {
    /// The ring has a key of this id.
    #[error("the key ring has a key with the id `{id}` already: give each key an id of its own")]
    IdTaken {
        /// The id.
        id: KeyId,
    },
}

impl KeyRing {
    /// No keys at all. A store with this ring keeps everything but tokens, whose secrets it refuses to save.
    #[must_use]
    pub const fn none() -> Self {
        Self { current: None, keys: BTreeMap::new() }
    }

    /// A ring with a current key.
    #[must_use]
    pub fn new(id: KeyId, key: SealingKey) -> Self {
        Self { current: Some(id.clone()), keys: BTreeMap::from([(id, key)]) }
    }

    /// Adds a key that only opens.
    ///
    /// # Errors
    ///
    /// [`KeyRingError::IdTaken`] when the ring has a key of this id.
    pub fn with_old_key(mut self, id: KeyId, key: SealingKey) -> Result<Self, KeyRingError> {
        if self.keys.contains_key(&id) {
            return Err(KeyRingError::IdTaken { id });
        }
        self.keys.insert(id, key);
        Ok(self)
    }

    /// The key that seals; `None` for a ring without one.
    #[must_use]
    pub const fn current_key_id(&self) -> Option<&KeyId> {
        self.current.as_ref()
    }

    /// Seals a secret for its place, with the current key.
    ///
    /// # Errors
    ///
    /// [`SealingError::NoKey`] without a current key, or when the operating system has no randomness.
    pub fn seal(&self, place: &Place, secret: &[u8]) -> Result<Vec<u8>, SealingError> {
        let id = self.current.as_ref().ok_or(SealingError::NoKey)?;
        let key = self.keys.get(id).ok_or(SealingError::NoKey)?;
        let nonce = XNonce::try_generate().map_err(|_| SealingError::NoRandomness)?;
        let mut sealed = envelope::head(id);
        let payload = Payload { msg: secret, aad: &place.associated_data(&sealed) };
        let ciphertext = cipher(key).encrypt(&nonce, payload).map_err(|_| SealingError::TooLong)?;
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    /// Opens what was sealed for this place, with whichever key sealed it.
    ///
    /// # Errors
    ///
    /// [`SealingError`] when the bytes are damaged, the key is not in the ring, or the value was sealed with another
    /// key of that id or for another place.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Opened, SealingError> {
        let Envelope { key_id, nonce, ciphertext } = Envelope::read(sealed)?;
        let Some(key) = self.keys.get(&key_id) else {
            return Err(SealingError::UnknownKeyId { id: key_id });
        };
        let payload = Payload { msg: ciphertext, aad: &place.associated_data(&envelope::head(&key_id)) };
        match cipher(key).decrypt(nonce.into(), payload) {
            Ok(secret) => Ok(Opened::new(Zeroizing::new(secret))),
            Err(_) => Err(SealingError::DoesNotOpen { id: key_id }),
        }
    }
}

fn cipher(key: &SealingKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.bytes().into())
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&KeyId> = self.keys.keys().collect();
        f.debug_struct("KeyRing").field("current", &self.current).field("keys", &ids).finish()
    }
}

#[cfg(test)]
#[path = "key_ring_tests.rs"]
mod tests;
