//! Assets: the apps and books that a location owns at Apple, with the counts of their licenses.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::AdamId;

/// An app or a book that a location owns, as Apple's asset list shows it. Its key is the id with the pricing parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The store's id.
    pub adam_id: AdamId,
    /// The quality that was bought.
    pub pricing_param: PricingParam,
    /// App or book.
    pub product_type: ProductType,
    /// Whether a license may be assigned to a device.
    pub device_assignable: bool,
    /// Whether an assigned license can be revoked.
    pub revocable: bool,
    /// The platforms it runs on; empty when Apple does not say.
    pub supported_platforms: BTreeSet<Platform>,
    /// The licenses.
    pub counts: Counts,
}

impl Asset {
    /// The key within the location.
    #[must_use]
    pub fn key(&self) -> AssetKey {
        AssetKey { adam_id: self.adam_id, pricing_param: self.pricing_param.clone() }
    }

    /// Whether it runs on macOS and nowhere else; `None` when Apple does not say.
    #[must_use]
    pub fn is_macos_only(&self) -> Option<bool> {
        runs_on_macos_only(&self.supported_platforms)
    }
}

/// Whether these platforms are macOS alone; `None` when there are none.
pub(crate) fn runs_on_macos_only(platforms: &BTreeSet<Platform>) -> Option<bool> {
    (!platforms.is_empty()).then(|| platforms.iter().all(|platform| platform == &Platform::MacOs))
}

/// The quality of an asset (`pricingParam`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PricingParam {
    /// Standard quality (`STDQ`): all apps and most books.
    Standard,
    /// High quality (`PLUS`).
    HighQuality,
    /// A quality that this version does not know.
    Other {
        /// Apple's word.
        name: String,
    },
}

/// App or book.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ProductType {
    /// An app.
    App,
    /// A book: assigned to users only, and never revoked (Apple).
    Book,
    /// A type that this version does not know; it is not added to the catalog.
    Other {
        /// Apple's word.
        name: String,
    },
}

/// An operating system on which an app runs. iPadOS counts as iOS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Platform {
    /// iOS and iPadOS.
    Ios,
    /// macOS.
    MacOs,
    /// tvOS.
    TvOs,
    /// visionOS.
    VisionOs,
    /// watchOS.
    WatchOs,
    /// A platform that this version does not know.
    Other {
        /// Apple's word.
        name: String,
    },
}

/// The key of an asset within its location: Apple counts licenses for each pair of id and pricing parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssetKey {
    /// The store's id.
    pub adam_id: AdamId,
    /// The quality.
    pub pricing_param: PricingParam,
}

/// The total that marks an asset whose licenses are unlimited: the largest 32-bit integer (observed for free apps).
pub const UNLIMITED_TOTAL: i64 = 2_147_483_647;

/// License counts of an asset, as Apple reported them.
///
/// The numbers are stored as reported. Apple documents no equation between them, so none is assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Counts {
    /// A limited number of licenses.
    Limited {
        /// Licenses that the location owns.
        total: u64,
        /// Licenses that a device or a user holds.
        assigned: u64,
        /// Licenses that are not assigned.
        available: u64,
        /// Licenses that Apple withdrew, for example after a refund.
        retired: u64,
    },
    /// Unlimited licenses, as of a free app. They never run low, and no arithmetic is done with them.
    Unlimited {
        /// Licenses that a device or a user holds.
        assigned: u64,
    },
}

/// The refusal of reported numbers that cannot be counts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "Apple reported `{member}` as {value}, but a count of licenses is never negative: sync the location again"
)]
pub struct CountsError {
    /// Apple's name of the number.
    pub member: &'static str,
    /// The number.
    pub value: i64,
}

impl CountsError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "negative_count"
    }
}

impl Counts {
    /// The number of licenses that may be given out; `None` means unlimited.
    ///
    /// It is `min(total - occupied, available - uncounted)`, and not below zero. `occupied` is the number of seats that
    /// are desired or not known to be absent, `uncounted` the number of those that may not be in these counts yet. Both
    /// bounds are needed: the total also covers seats that Apple has not processed yet, and what is available also
    /// covers assignments that another product made (ours).
    #[must_use]
    pub const fn free(&self, occupied: u64, uncounted: u64) -> Option<u64> {
        match *self {
            Self::Unlimited { .. } => None,
            Self::Limited { total, available, .. } => {
                let (by_total, by_available) =
                    (total.saturating_sub(occupied), available.saturating_sub(uncounted));
                Some(if by_total < by_available { by_total } else { by_available })
            }
        }
    }

    /// Makes counts from the numbers of a reply. A total of [`UNLIMITED_TOTAL`] means unlimited.
    ///
    /// ```
    /// use mdm_vpp_core::catalog::Counts;
    ///
    /// let counts = Counts::from_reported(2_147_483_647, 12, 2_147_483_635, 0)?;
    /// assert_eq!(counts, Counts::Unlimited { assigned: 12 });
    /// # Ok::<(), mdm_vpp_core::catalog::CountsError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`CountsError`] for the first number below zero.
    pub fn from_reported(
        total: i64,
        assigned: i64,
        available: i64,
        retired: i64,
    ) -> Result<Self, CountsError> {
        let count = |member, value: i64| u64::try_from(value).map_err(|_| CountsError { member, value });
        let assigned = count("assignedCount", assigned)?;
        if total == UNLIMITED_TOTAL {
            return Ok(Self::Unlimited { assigned });
        }
        Ok(Self::Limited {
            total: count("totalCount", total)?,
            assigned,
            available: count("availableCount", available)?,
            retired: count("retiredCount", retired)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negative_number_is_refused_by_its_name() {
        let refused = |total, assigned, available, retired| {
            Counts::from_reported(total, assigned, available, retired).unwrap_err().member
        };
        assert_eq!(refused(-1, 0, 0, 0), "totalCount");
        assert_eq!(refused(1, -1, 0, 0), "assignedCount");
        assert_eq!(refused(1, 0, -1, 0), "availableCount");
        assert_eq!(refused(1, 0, 0, i64::MIN), "retiredCount");
    }

    #[test]
    fn one_less_than_unlimited_is_a_number() {
        let counts = Counts::from_reported(UNLIMITED_TOTAL - 1, 0, UNLIMITED_TOTAL - 1, 0);
        assert!(matches!(counts, Ok(Counts::Limited { .. })));
    }
}
