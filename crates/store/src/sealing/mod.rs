//! Sealing: how secrets are kept so that a stolen database gives none of them away.
//!
//! A secret is encrypted with XChaCha20-Poly1305 under a key that the embedder gives and that is never stored. The
//! sealed value names its key and is bound to its place: copied into another row it does not open.
//!
//! Sealing protects against readers of the database, its backups and dumps. It does not protect against a reader that
//! has the key too, nor against a writer that puts an earlier value back into the row that it came from.

mod envelope;
mod key;
mod key_error;
mod key_id;
mod key_ring;
mod opened;
mod place;
mod sealing_error;

pub use envelope::key_id_of;
pub use key::SealingKey;
pub use key_error::SealingKeyError;
pub use key_id::{KeyId, KeyIdError};
pub use key_ring::{KeyRing, KeyRingError};
pub use opened::Opened;
pub(crate) use opened::{open_content_token, seal_content_token};
pub use place::Place;
pub use sealing_error::SealingError;
