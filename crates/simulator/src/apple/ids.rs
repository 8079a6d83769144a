//! Ids, one type each, so that an app cannot be passed as a location.

use std::{fmt, num::ParseIntError, str::FromStr, sync::Arc};

/// Declares an id that is a text. It shows itself as that text; clones share it.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id with this text.
            pub fn new(text: &str) -> Self {
                Self(text.into())
            }

            /// The text, as it stands on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// Apple's library id of a location ("uId" on the wire): a string of digits. Two tokens of one location share it.
    LocationUid
}

text_id! {
    /// Apple's id of an event: a UUID. Events of one service sort in the order in which they were accepted.
    EventId
}

text_id! {
    /// Apple's id of a notification: a UUID. A notification that is sent twice has the same id twice.
    NotificationId
}

text_id! {
    /// The serial number of a device. Apple checks neither its form nor its owner (observed in the wild).
    SerialNumber
}

text_id! {
    /// The id that an MDM gave a user. It never changes, and at most one active user of a location has it.
    ClientUserId
}

text_id! {
    /// The account name, such as `licenses@example.org`, of a person who downloads tokens in the portal. A changed
    /// password of this account kills all of its tokens.
    ContentManager
}

impl LocationUid {
    pub(crate) fn numbered(number: u64) -> Self {
        Self::new(&2_049_025_000_000_000_u64.saturating_add(number).to_string())
    }
}

// The two ids below share one counter. The first digit of the fourth group, 8 for events and 9 for notifications,
// keeps them apart.

impl EventId {
    pub(crate) fn numbered(number: u64) -> Self {
        let (high, low) = (0x8000 | (number >> 48 & 0x3fff), number & 0xffff_ffff_ffff);
        Self::new(&format!("00000000-0000-4000-{high:04x}-{low:012x}"))
    }
}

impl NotificationId {
    pub(crate) fn numbered(number: u64) -> Self {
        let (high, low) = (number >> 48 & 0xfff, number & 0xffff_ffff_ffff);
        Self::new(&format!("00000000-0000-4000-9{high:03x}-{low:012x}"))
    }
}

/// An App Store id ("adamId" on the wire, "iTunesStoreID" in commands): a whole number, sent as a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AdamId(u64);

impl AdamId {
    /// The id with this number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The id as a number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for AdamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AdamId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// The simulator's own number of a content token. The request log carries it, because it says which token was used
/// without showing the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(pub(crate) u64);

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "token-{}", self.0)
    }
}

impl FromStr for TokenId {
    type Err = ();

    /// Reads the form in which a token id is displayed, such as `token-4`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let number = text.strip_prefix("token-").ok_or(())?;
        number.parse().map(Self).map_err(|_| ())
    }
}

/// The version of a list of a location ("versionId" on the wire): a counter that reads as a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct VersionId(pub(crate) u64);

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (high, low) = (self.0 >> 48, self.0 & 0xffff_ffff_ffff);
        write!(f, "00000000-{high:04x}-1000-8000-{low:012x}")
    }
}

impl FromStr for VersionId {
    type Err = ();

    /// Reads exactly the form in which a [`VersionId`] is displayed.
    fn from_str(text: &str) -> Result<Self, ()> {
        let rest = text.strip_prefix("00000000-").ok_or(())?;
        let (high, low) = rest.split_once("-1000-8000-").ok_or(())?;
        let number = |digits: &str| u64::from_str_radix(digits, 16).map_err(|_| ());
        let version = Self((number(high)? << 48) | number(low)?);
        // Writing it back refuses what the parser of numbers lets pass: capital digits, signs and other lengths.
        if version.to_string() == text { Ok(version) } else { Err(()) }
    }
}

/// A country of a storefront as two letters, kept in upper case. Not checked against any list, so that a test can
/// invent one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(String);

impl Country {
    /// The country with this code; lower case is accepted.
    pub fn new(code: &str) -> Self {
        Self(code.to_ascii_uppercase())
    }

    /// The code in upper case, as client config shows it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Apple's number of the storefront; `None` for those that the simulator does not know.
    pub(crate) fn storefront_number(&self) -> Option<&'static str> {
        Some(match self.as_str() {
            "US" => "143441",
            "FR" => "143442",
            "DE" => "143443",
            "GB" => "143444",
            "AT" => "143445",
            "CH" => "143459",
            _ => return None,
        })
    }
}

impl From<&str> for Country {
    fn from(code: &str) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_reads_as_a_uuid_and_only_its_own_form_is_read() {
        assert_eq!(VersionId(1).to_string(), "00000000-0000-1000-8000-000000000001");
        assert_eq!(VersionId(u64::MAX).to_string(), "00000000-ffff-1000-8000-ffffffffffff");
        assert_eq!("00000000-ffff-1000-8000-ffffffffffff".parse(), Ok(VersionId(u64::MAX)));
        for other in ["", "00000000-0000-1000-8000-00000000000A", "00000000-+fff-1000-8000-ffffffffffff", "é"]
        {
            assert_eq!(other.parse::<VersionId>(), Err(()), "{other}");
        }
    }
}
