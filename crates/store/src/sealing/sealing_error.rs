//! Why a secret cannot be sealed or opened.

use mdm_vpp_ports::StoreError;
use thiserror::Error;

use super::KeyId;

/// Why a secret cannot be sealed or opened. Never quotes a secret, a key or sealed bytes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SealingError {
    /// The key ring has no current key.
    #[error("there is no sealing key: give the store a key ring with a key of 32 bytes, then try again")]
    NoKey,
    /// The key ring does not have the key that sealed the value.
    #[error("it was sealed with key `{id}`, which is not in the key ring: add that key as an old key")]
    UnknownKeyId {
        /// The key that is missing.
        id: KeyId,
    },
    /// The envelope was written by a later version.
    #[error("its envelope has version {found}, this version knows {known}: update this server")]
    UnknownVersion {
        /// The version of the envelope.
        found: u8,
        /// The newest version that is known.
        known: u8,
    },
    /// The bytes are no envelope.
    #[error("its envelope is damaged ({what}): restore the row from a backup, or save the secret anew")]
    Malformed {
        /// What is wrong with the bytes.
        what: &'static str,
    },
    /// The key does not open the value at this place.
    #[error(
        "key `{id}` does not open it: the key ring has another key under this id, or the row was changed by hand; \
         give the right key, restore the row, or save the secret anew"
    )]
    DoesNotOpen {
        /// The key that was tried.
        id: KeyId,
    },
    /// The cipher refused the secret: it is too long.
    #[error("the secret is too long to be sealed: save a shorter one")]
    TooLong,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes: try again later")]
    NoRandomness,
}

impl From<SealingError> for StoreError {
    fn from(error: SealingError) -> Self {
        Self::Sealing { reason: error.to_string() }
    }
}
