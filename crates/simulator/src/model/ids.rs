//! Ids, one type each, so that an app cannot be passed as a location.

use std::fmt;
use std::str::FromStr;

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
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Apple's library id of a location ("uId" on the wire): a string of digits. Two tokens of one location share it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocationUid(String);

impl LocationUid {
    pub(crate) fn numbered(n: u64) -> Self {
        Self(format!("{}", 2_049_025_000_000_000_u64.saturating_add(n)))
    }

    /// The id as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for LocationUid {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for LocationUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The simulator's own number of a content token. It says which token was used without showing the token, so the
/// request log carries it as the token's fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(pub(crate) u64);

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "token-{}", self.0)
    }
}

impl FromStr for TokenId {
    type Err = ();

    /// Reads what a token id shows, such as `token-4`.
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

    /// Reads exactly what [`VersionId`] writes.
    fn from_str(text: &str) -> Result<Self, ()> {
        let rest = text.strip_prefix("00000000-").ok_or(())?;
        let (high, low) = rest.split_once("-1000-8000-").ok_or(())?;
        let number = |digits: &str| u64::from_str_radix(digits, 16).map_err(|_| ());
        let version = Self((number(high)? << 48) | number(low)?);
        if version.to_string() == text { Ok(version) } else { Err(()) }
    }
}

/// Apple's id of an event: a UUID. Events of one service sort in the order in which they were accepted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(String);

impl EventId {
    pub(crate) fn numbered(n: u64) -> Self {
        Self(format!("00000000-0000-4000-{:04x}-{:012x}", 0x8000 | (n >> 48 & 0x3fff), n & 0xffff_ffff_ffff))
    }

    /// The id as it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for EventId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The person who downloads tokens in the portal. A changed password of this person kills all of those tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentManager(String);

impl ContentManager {
    /// A content manager by account name, such as `licenses@example.org`.
    pub fn new(account: impl Into<String>) -> Self {
        Self(account.into())
    }
}

impl fmt::Display for ContentManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
    fn a_version_reads_as_a_uuid_and_never_repeats() {
        assert_eq!(VersionId(1).to_string(), "00000000-0000-1000-8000-000000000001");
        assert_eq!(VersionId(u64::MAX).to_string(), "00000000-ffff-1000-8000-ffffffffffff");
        assert_eq!("00000000-ffff-1000-8000-ffffffffffff".parse(), Ok(VersionId(u64::MAX)));
        for other in ["", "00000000-0000-1000-8000-00000000000A", "00000000-+fff-1000-8000-ffffffffffff", "é"]
        {
            assert_eq!(other.parse::<VersionId>(), Err(()), "{other}");
        }
    }
}
