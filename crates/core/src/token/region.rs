//! The region of a token: the national store in which its apps are looked up.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use thiserror::Error;

use super::region_codes::REGION_CODES;

/// A country by its ISO 3166-1 alpha-2 code, upper case; `XK` (Kosovo), which has a store, is one too.
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

/// Why a text is not a region.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{given}` is not a region: use a country code of two letters, for example `DE`, `GB` or `US`")]
pub struct RegionError {
    /// The text, control characters replaced, cut after 40 characters.
    pub given: String,
}

impl Region {
    /// A region by its code, in any case.
    ///
    /// # Errors
    ///
    /// [`RegionError`] when no country has this code.
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

    /// All regions, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        REGION_CODES.iter().map(|code| Self(code))
    }

    /// The code in upper case, as Apple's `countryISO2ACode`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The code in lower case, as the store lookup wants it.
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
    fn what_is_no_country_is_refused_by_name() {
        for wrong in ["", "D", "DEU", "UK", "ZZ", "12", "DÉ"] {
            assert_eq!(Region::new(wrong).map_err(|error| error.given), Err(wrong.to_owned()));
        }
    }
}
