//! How many licenses a location has of an asset.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The total with which Apple marks an asset that may be assigned without limit.
pub const UNLIMITED_TOTAL: i64 = 2_147_483_647;

/// License counts of an asset, as Apple reported them.
///
/// Apple documents no equation between the four numbers, so none is assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Counts {
    /// So many were bought.
    Limited {
        /// Licenses that the location owns.
        total: u64,
        /// Licenses that a device or a user holds.
        assigned: u64,
        /// Licenses that nobody holds.
        available: u64,
        /// Licenses that were taken back, for example after a refund.
        retired: u64,
    },
    /// Nobody counts: a free app. It is never low, and no arithmetic touches it.
    Unlimited {
        /// Licenses that a device or a user holds.
        assigned: u64,
    },
}

/// Why reported numbers cannot be counts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{member}` is {value}: a count of licenses is never negative")]
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
    /// Licenses that may be given out, when `occupied` seats are wanted or not surely absent and `uncounted` of them may
    /// not be in these counts yet: `min(total - occupied, available - uncounted)`, never below zero; `None` means
    /// without limit.
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

    /// Counts from the numbers of a reply. A total of [`UNLIMITED_TOTAL`] means unlimited.
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
