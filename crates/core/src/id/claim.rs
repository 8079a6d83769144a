//! The id under which an installation claims a location at Apple.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::text_id;
use crate::id::LocationId;

fn plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '-'
}

text_id!(
    /// The id of one installation of the embedder's product. It must never change, because the installation recognises
    /// its own claims by it, also after its database was lost.
    InstallationId,
    "installation id",
    64,
    plain,
    "only ASCII letters, digits and `-` are allowed"
);

/// The `mdmInfo.id` with which an installation claims a location: `{installation id}:{uId}`.
///
/// It is computed, not random. So a process that died between Apple's answer and its own commit recognises the claim it
/// made. It has at most 100 characters, Apple's limit for `mdmInfo.id`.
///
/// ```
/// use mdm_vpp_core::id::{ClaimId, InstallationId, LocationId};
///
/// let claim = ClaimId::new(&InstallationId::new("mdm-eu-1")?, &LocationId::new("2049025000431439")?);
/// assert_eq!(claim.as_str(), "mdm-eu-1:2049025000431439");
/// # Ok::<(), mdm_vpp_core::id::TextIdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClaimId(Box<str>);

impl ClaimId {
    /// Makes the claim of an installation on a location.
    #[must_use]
    pub fn new(installation: &InstallationId, location: &LocationId) -> Self {
        Self(format!("{installation}:{location}").into())
    }

    /// The claim as Apple stores it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_claim_fits_into_apples_limit() {
        let installation = InstallationId::new("i".repeat(InstallationId::LONGEST)).unwrap();
        let location = LocationId::new("7".repeat(LocationId::LONGEST)).unwrap();
        assert_eq!(ClaimId::new(&installation, &location).as_str().len(), 100);
    }

    #[test]
    fn an_installation_id_cannot_hold_the_separator() {
        assert!(InstallationId::new("a:b").is_err());
    }
}
