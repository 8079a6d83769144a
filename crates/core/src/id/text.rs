//! Ids that the host or Apple gives us as text.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text cannot be an id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TextIdError {
    /// Nothing but white space was given.
    #[error("the {what} is empty: give it at least one visible character")]
    Empty {
        /// What the id names, for example `tenant id`.
        what: &'static str,
    },
    /// More characters than the kind of id may have.
    #[error("the {what} has {length} characters: at most {limit} are allowed")]
    TooLong {
        /// What the id names.
        what: &'static str,
        /// How many characters were given.
        length: usize,
        /// How many characters are allowed.
        limit: usize,
    },
    /// A character that this kind of id cannot hold.
    #[error("the {what} holds the character {character:?}: {allowed}")]
    Character {
        /// What the id names.
        what: &'static str,
        /// The first character that is not allowed.
        character: char,
        /// What is allowed, as a phrase for people.
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
            /// [`TextIdError`](crate::id::TextIdError) says whether the text is empty, too long, or which character is not allowed.
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
    /// A customer of the host: everything is decided inside one tenant, and no tenant sees another.
    TenantId,
    "tenant id",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

text_id!(
    /// A user or device group of the host's directory.
    GroupId,
    "group id",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

text_id!(
    /// Apple's `uId` of a location (an organizational unit's library): what a content token belongs to.
    ///
    /// Apple sends digits; letters and `-` are accepted too. At most 35 characters, so that a [`ClaimId`] built
    /// from it stays within Apple's 100.
    ///
    /// [`ClaimId`]: crate::id::ClaimId
    LocationId,
    "location id (uId)",
    35,
    plain,
    "only ASCII letters, digits and `-` are allowed"
);

text_id!(
    /// The serial number of a device, as Apple and the device spell it: the holder of a device license.
    SerialNumber,
    "serial number",
    50,
    plain,
    "only ASCII letters, digits and `-` are allowed"
);

text_id!(
    /// A user of the host's directory.
    UserId,
    "user id",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

text_id!(
    /// The id under which a user is registered at Apple (`clientUserId`): the holder of a user license. It must never
    /// change and be no e-mail address; a GUID is best (Apple's documentation).
    ClientUserId,
    "client user id",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

text_id!(
    /// A device of the host, by the host's own id.
    DeviceId,
    "device id",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

text_id!(
    /// Who asked for an act: a person or a service of the host, as the audit log shall name it.
    Actor,
    "actor",
    200,
    printable,
    "characters that cannot be seen are not allowed"
);

impl Actor {
    /// The library itself, acting on what is due.
    #[must_use]
    pub fn system() -> Self {
        Self("mdm-vpp".into())
    }
}
