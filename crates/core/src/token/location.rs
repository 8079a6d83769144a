//! The location that a token belongs to: its identity, store, region and claimant, as Apple's replies show them.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use thiserror::Error;

use crate::id::LocationId;

/// An organizational unit's library at Apple. It owns the licenses, and every call to Apple is about one location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Apple's `uId`, the only identity of a location. Names and files change.
    pub id: LocationId,
    /// The location's name at Apple when it was last read.
    pub name: String,
    /// The country of the location's store; `None` when Apple names none, or one that this version does not know.
    pub country: Option<Region>,
    /// Whether the location belongs to Apple Business Manager or to Apple School Manager.
    pub store: StoreKind,
}

/// The program in which a location buys (Apple's `defaultPlatform`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum StoreKind {
    /// Apple Business Manager (`enterprisestore`).
    Business,
    /// Apple School Manager (`volumestore`).
    Education,
}

/// The store in which an app is looked up (the `platform` of Apple's lookup).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum StorePlatform {
    /// Apps for organizations that use Apple Business Manager.
    Enterprise,
    /// Apps for schools that use Apple School Manager.
    Volume,
    /// Apps for Macs.
    Mac,
}

impl StoreKind {
    /// The store in which a location of this kind finds its apps.
    #[must_use]
    pub const fn platform(self) -> StorePlatform {
        match self {
            Self::Business => StorePlatform::Enterprise,
            Self::Education => StorePlatform::Volume,
        }
    }
}

/// The claimant of a location (Apple's `mdmInfo`). It is advisory: Apple shows it to every client of the location and
/// enforces nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MdmInfo {
    /// The claim's id; ours is a [`ClaimId`](crate::id::ClaimId).
    pub id: String,
    /// The product that made the claim.
    pub name: String,
    /// What the product adds, mostly its host name.
    pub metadata: String,
}

impl MdmInfo {
    /// Whether it names no claimant: all members are empty. Apple answers so after a claim was cleared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_empty() && self.name.is_empty() && self.metadata.is_empty()
    }

    /// The claimant for people: the name, with the metadata in brackets; the id when both are empty.
    #[must_use]
    pub fn claimant(&self) -> String {
        match (self.name.is_empty(), self.metadata.is_empty()) {
            (false, false) => format!("{} ({})", self.name, self.metadata),
            (false, true) => self.name.clone(),
            (true, false) => self.metadata.clone(),
            (true, true) => self.id.clone(),
        }
    }
}

/// The facts about a token and its location that a reply carries beside its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplyFacts {
    /// The end of the token's life as Apple knows it, UTC; not in every reply.
    pub expires_at: Option<DateTime<Utc>>,
    /// The claimant of the location now; `None` when there is none.
    pub mdm_info: Option<MdmInfo>,
}

/// A country whose store is asked about apps, by its ISO 3166-1 alpha-2 code in upper case. `XK` (Kosovo) is no ISO
/// code but has a store, so it is included.
///
/// ```
/// use mdm_vpp_core::token::Region;
///
/// let region = Region::new("de")?;
/// assert_eq!(region.as_str(), "DE");
/// assert_eq!(region.lower_case(), "de");
/// # Ok::<(), mdm_vpp_core::token::RegionError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Region(&'static str);

/// The refusal of a text that is not a region.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{given}` is not a region: use a country code of two letters, for example `DE`, `GB` or `US`")]
pub struct RegionError {
    /// The text with control characters replaced, cut after 40 characters.
    pub given: String,
}

impl Region {
    /// Finds a region by its code, in upper or lower case.
    ///
    /// # Errors
    ///
    /// [`RegionError`] when no region has this code.
    pub fn new(code: impl AsRef<str>) -> Result<Self, RegionError> {
        let code = code.as_ref().trim();
        REGION_CODES
            .iter()
            .find(|known| known.eq_ignore_ascii_case(code))
            .map(|known| Self(known))
            .ok_or_else(|| RegionError {
                given: crate::printable::printable_text(code).chars().take(40).collect(),
            })
    }

    /// All regions, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        REGION_CODES.iter().map(|code| Self(code))
    }

    /// The code in upper case, as in Apple's `countryISO2ACode`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The code in lower case, as the store lookup takes it.
    #[must_use]
    pub fn lower_case(self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for Region {
    type Err = RegionError;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::new(code)
    }
}

impl<'de> Deserialize<'de> for Region {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({})", self.0)
    }
}

#[rustfmt::skip]
pub(super) const REGION_CODES: &[&str] = &[
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ",
    "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS",
    "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN",
    "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE",
    "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF",
    "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM",
    "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM",
    "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC",
    "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
    "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA",
    "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG",
    "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW",
    "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS",
    "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO",
    "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
    "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_standards() {
        let mut standard: Vec<&str> = rust_iso3166::ALL.iter().map(|country| country.alpha2).collect();
        standard.push("XK");
        standard.sort_unstable();
        standard.dedup();
        assert_eq!(REGION_CODES, standard.as_slice());
    }

    #[test]
    fn a_code_of_no_country_is_refused_by_name() {
        for wrong in ["", "D", "DEU", "UK", "ZZ", "12", "DÉ"] {
            assert_eq!(Region::new(wrong).map_err(|error| error.given), Err(wrong.to_owned()));
        }
    }
}
