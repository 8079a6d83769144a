//! Why a text is not a sealing key.

use thiserror::Error;

/// Why a text is not a sealing key. Never quotes the text: it may be a key with a slip of the pen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SealingKeyError {
    /// Nothing was given.
    #[error(
        "the sealing key is empty: give 32 random bytes as base64, for example from `openssl rand -base64 32`"
    )]
    Empty,
    /// The path of a file.
    #[error(
        "the sealing key looks like the path of a file: give the file's content, 32 bytes as base64 or hex"
    )]
    Path,
    /// A PEM block: a certificate, or a key for another cipher.
    #[error(
        "the sealing key is a PEM block, which is a key for another purpose: \
         give 32 random bytes as base64, for example from `openssl rand -base64 32`"
    )]
    Pem,
    /// Base64 or hex, but not of 32 bytes.
    #[error("the sealing key has {bytes} bytes: give exactly 32, for example from `openssl rand -base64 32`")]
    WrongLength {
        /// How many bytes the text stands for.
        bytes: usize,
    },
    /// Neither base64 nor hex.
    #[error(
        "the sealing key is neither base64 (44 characters that end in `=`) nor 64 hex digits: \
         give 32 random bytes, for example from `openssl rand -base64 32`"
    )]
    NotBase64OrHex,
    /// The operating system gave no randomness to draw a key from.
    #[error("no sealing key could be drawn: the operating system gives no randomness; try again")]
    NoRandomness,
}
