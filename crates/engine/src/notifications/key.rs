//! The notification keys of an installation: 32 bytes each, from which the secrets of all locations are derived.

use std::fmt;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit, Mac};
use mdm_vpp_core::id::LocationId;
use mdm_vpp_ports::{NotificationSecret, NotificationSecretError, NotificationSecrets};
use sha2::Sha256;
use thiserror::Error;
use zeroize::{Zeroize as _, Zeroizing};

/// How many bytes a key has.
const KEY_BYTES: usize = 32;
/// What the key is used for, so that it says nothing about any other use of it.
const LABEL: &[u8] = b"mdm-vpp notification bearer 1\0";

/// A key from which the secret of each location's notifications is derived: exactly 32 random bytes. It is wiped from
/// memory when dropped, never printed and never stored.
///
/// Make one with `openssl rand -base64 32` and keep it beside the sealing key. All processes of an installation need the
/// same one. A program that knows it can speak in Apple's name to this installation, and nowhere else.
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

/// Why a text cannot be a notification key. Never quotes the text: it may be a secret that was put into the wrong place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotificationKeyError {
    /// Nothing was given.
    #[error(
        "the notification key is empty: give 32 random bytes as base64, `openssl rand -base64 32` makes them"
    )]
    Empty,
    /// A path instead of what the file holds.
    #[error("the notification key looks like a path: give what the file holds")]
    Path,
    /// A key of another kind.
    #[error("the notification key looks like a PEM file: give 32 random bytes as base64 or hex")]
    Pem,
    /// Too short or too long.
    #[error("the notification key has {bytes} bytes: it needs exactly 32")]
    WrongLength {
        /// How many it has.
        bytes: usize,
    },
    /// Text of another kind.
    #[error("the notification key is neither base64 with its `=` nor hex digits")]
    NotBase64OrHex,
}

impl NotificationKeyError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "notification_key_empty",
            Self::Path => "notification_key_path",
            Self::Pem => "notification_key_pem",
            Self::WrongLength { .. } => "notification_key_wrong_length",
            Self::NotBase64OrHex => "notification_key_not_base64_or_hex",
        }
    }
}

/// The keys from which the secrets of notifications are derived.
///
/// To change the key, start all processes with [`rotating`](Self::rotating): notifications under the old key are still
/// taken, and each location's next sync subscribes with the new one. When all locations were synced, the old key can go.
///
/// ```
/// use mdm_vpp_engine::{NotificationKey, NotificationKeys};
///
/// let old = NotificationKey::parse("00".repeat(32))?;
/// let new = NotificationKey::parse("11".repeat(32))?;
/// let keys = NotificationKeys::rotating(new.clone(), old);
/// // A day later:
/// let keys = NotificationKeys::only(new);
/// # Ok::<(), mdm_vpp_engine::NotificationKeyError>(())
/// ```
#[derive(Debug, Clone)]
pub struct NotificationKeys {
    current: NotificationKey,
    previous: Option<NotificationKey>,
}

impl NotificationKeys {
    /// One key alone.
    #[must_use]
    pub const fn only(current: NotificationKey) -> Self {
        Self { current, previous: None }
    }

    /// A new key, and the one that it replaces.
    #[must_use]
    pub const fn rotating(current: NotificationKey, previous: NotificationKey) -> Self {
        Self { current, previous: Some(previous) }
    }

    /// The secret that Apple shall send for a location.
    pub(super) fn secret(
        &self,
        location: &LocationId,
    ) -> Result<NotificationSecret, NotificationSecretError> {
        self.current.secret(location)
    }

    /// The location whose notifications carry this bearer; `None` when it is none of ours. Needs no database, and
    /// compares with both keys to the end.
    pub(super) fn location_of(&self, bearer: &str) -> Option<LocationId> {
        let (location, _) = bearer.rsplit_once('.')?;
        let location = LocationId::new(location).ok()?;
        let current = self.current.secret(&location).ok()?;
        let secrets = match &self.previous {
            Some(previous) => NotificationSecrets::rotating(current, previous.secret(&location).ok()?),
            None => NotificationSecrets::only(current),
        };
        secrets.accept(bearer).then_some(location)
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

    fn key_of(digit: &str) -> NotificationKey {
        NotificationKey::parse(digit.repeat(64)).unwrap()
    }

    fn location(id: &str) -> LocationId {
        LocationId::new(id).unwrap()
    }

    fn opens(keys: &NotificationKeys, bearer: &str) -> Option<String> {
        keys.location_of(bearer).map(|location| location.to_string())
    }

    #[test]
    fn a_bearer_opens_the_location_that_it_names_and_no_other() {
        let keys = NotificationKeys::only(key_of("1"));
        let bearer = keys.secret(&location("7")).unwrap().expose().to_owned();
        assert_eq!(opens(&keys, &bearer), Some("7".to_owned()));
        let (_, proof) = bearer.split_once('.').unwrap();
        let of_another_key = key_of("2").secret(&location("7")).unwrap();
        for wrong in [
            format!("8.{proof}"),
            format!("07.{proof}"),
            format!(".{proof}"),
            format!("7.7.{proof}"),
            format!("7{proof}"),
            proof.to_owned(),
            bearer[..bearer.len() - 1].to_owned(),
            format!("{bearer}="),
            format!("{bearer} "),
            "7.".to_owned(),
            "7".to_owned(),
            ".".to_owned(),
            String::new(),
            of_another_key.expose().to_owned(),
        ] {
            assert_eq!(opens(&keys, &wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn while_the_key_changes_both_secrets_open_and_a_retired_one_does_not() {
        let (old, new) = (NotificationKeys::only(key_of("1")), NotificationKeys::only(key_of("2")));
        let rotating = NotificationKeys::rotating(key_of("2"), key_of("1"));
        let secret = |keys: &NotificationKeys| keys.secret(&location("7")).unwrap().expose().to_owned();
        assert_eq!(secret(&rotating), secret(&new), "the new one is subscribed");
        for (keys, opened_by_old, opened_by_new) in
            [(&old, true, false), (&rotating, true, true), (&new, false, true)]
        {
            assert_eq!(opens(keys, &secret(&old)).is_some(), opened_by_old);
            assert_eq!(opens(keys, &secret(&new)).is_some(), opened_by_new);
        }
    }
}
