//! Ids that the embedder or Apple gives as text.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The reason for which a text cannot be an id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TextIdError {
    /// The text is empty or white space.
    #[error("the {what} is empty: give at least one visible character")]
    Empty {
        /// The kind of id, for example `tenant id`.
        what: &'static str,
    },
    /// The text has more characters than this kind of id may have.
    #[error("the {what} has {length} characters: at most {limit} are allowed")]
    TooLong {
        /// What the id names.
        what: &'static str,
        /// The number of characters given.
        length: usize,
        /// The largest number allowed.
        limit: usize,
    },
    /// The text holds a character that this kind of id cannot hold.
    #[error("the {what} holds the character {character:?}: {allowed}")]
    Character {
        /// What the id names.
        what: &'static str,
        /// The first character that is not allowed.
        character: char,
        /// The rule, as a phrase for people.
        allowed: &'static str,
    },
}

/// Checks a text against the rule of one kind of id.
pub(super) fn check(
    text: &str,
    what: &'static str,
    limit: usize,
    allowed: fn(char) -> bool,
    phrase: &'static str,
) -> Result<(), TextIdError> {
    if text.trim().is_empty() {
        return Err(TextIdError::Empty { what });
    }
    let length = text.chars().count();
    if length > limit {
        return Err(TextIdError::TooLong { what, length, limit });
    }
    match text.chars().find(|character| !allowed(*character)) {
        Some(character) => Err(TextIdError::Character { what, character, allowed: phrase }),
        None => Ok(()),
    }
}

/// Declares a type of id: checked when it is made or read, shared when cloned, and printed with its type.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $limit:literal, $allowed:expr, $phrase:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// The largest number of characters.
            pub const LONGEST: usize = $limit;

            /// Checks and keeps a text.
            ///
            /// # Errors
            ///
            /// [`TextIdError`](crate::id::TextIdError) when the text is empty, too long or holds a character that is
            /// not allowed.
            pub fn new(text: impl AsRef<str>) -> Result<Self, $crate::id::TextIdError> {
                let text = text.as_ref();
                $crate::id::text::check(text, $what, $limit, $allowed, $phrase)?;
                Ok(Self(text.into()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::id::TextIdError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().to_owned()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({:?})", stringify!($name), &self.0)
            }
        }
    };
}
pub(super) use text_id;

fn printable(character: char) -> bool {
    crate::printable::is_printable(character)
}

fn plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-'
}

text_id!(
    /// The id of a tenant: a customer of the embedder. Everything is decided within one tenant, and no tenant sees
    /// another.
    TenantId,
    "tenant id",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

text_id!(
    /// The id of a group of users or devices in the embedder's directory.
    GroupId,
    "group id",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

text_id!(
    /// Apple's `uId` of a location (an organizational unit's library), to which a content token belongs.
    ///
    /// Apple sends digits; letters and `-` are accepted too. It has at most 35 characters (ours), so that a [`ClaimId`]
    /// made from it stays within Apple's 100.
    ///
    /// [`ClaimId`]: crate::id::ClaimId
    LocationId,
    "location id (uId)",
    35,
    plain,
    "only ASCII letters, digits and `-` are allowed"
);

text_id!(
    /// The serial number of a device, as Apple and the device write it: the holder of a device license.
    SerialNumber,
    "serial number",
    50,
    plain,
    "only ASCII letters, digits and `-` are allowed"
);

text_id!(
    /// The id of a user in the embedder's directory.
    UserId,
    "user id",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

text_id!(
    /// The id under which a user is registered at Apple (`clientUserId`): the holder of a user license. It must never
    /// change and must not be an e-mail address; Apple recommends a GUID.
    ClientUserId,
    "client user id",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

text_id!(
    /// The embedder's id of a device.
    DeviceId,
    "device id",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

text_id!(
    /// The person or service that asked for an act, as the audit log shall name them.
    Actor,
    "actor",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

impl Actor {
    /// The library itself, when it works on jobs.
    #[must_use]
    pub fn system() -> Self {
        Self("mdm-vpp".into())
    }
}
