//! Versions of operating systems, compared by their parts.

use std::str::FromStr;

use thiserror::Error;

/// The version of an operating system: at most four numbers with points between them. It is compared number by number,
/// and a part that is missing counts as 0. White space around it does not count.
///
/// ```
/// use mdm_vpp_core::catalog::OsVersion;
///
/// let version = |text: &str| text.parse::<OsVersion>();
/// assert!(version("9.3.5")? < version("10.0")?);
/// assert_eq!(version("17.4")?, version("17.4.0")?);
/// assert!(version("16.5.1 (c)").is_err());
/// # Ok::<(), mdm_vpp_core::catalog::OsVersionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OsVersion {
    parts: [u32; 4],
}

/// Why a version cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{given}` cannot be compared with other versions: it is not made of one to four numbers with points between them"
)]
pub struct OsVersionError {
    /// The text, cut after 40 characters.
    pub given: String,
}

impl OsVersionError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "not_a_version"
    }
}

impl FromStr for OsVersion {
    type Err = OsVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || OsVersionError { given: text.chars().take(40).collect() };
        let mut parts = [0; 4];
        let mut places = parts.iter_mut();
        for part in text.trim().split('.') {
            let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
            let number = if is_number { part.parse().ok() } else { None };
            *places.next().ok_or_else(refused)? = number.ok_or_else(refused)?;
        }
        Ok(Self { parts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> OsVersion {
        text.parse().unwrap()
    }

    #[test]
    fn p14_rule_versions_are_compared_as_numbers_part_by_part() {
        let in_order = ["0", "9.3.5", "10", "10.0.1", "10.2", "10.10", "17.4.1", "26.0.1", "100"];
        for pair in in_order.windows(2) {
            assert!(version(pair[0]) < version(pair[1]), "{pair:?}");
        }
        for equal in [["17", "17.0.0"], ["017.4", "17.4"], [" 353.0", "353"], ["0.0", "0"]] {
            assert_eq!(version(equal[0]), version(equal[1]));
        }
    }

    #[test]
    fn what_is_not_made_of_numbers_cannot_be_compared() {
        for wrong in [
            "",
            ".",
            "17.",
            ".4",
            "17..4",
            "17.x",
            "-1",
            "+1",
            "17,4",
            "1.2.3.4.5",
            "16.5.1 (c)",
            "99999999999",
            "１７",
        ] {
            assert!(wrong.parse::<OsVersion>().is_err(), "{wrong:?} was taken");
        }
    }
}
