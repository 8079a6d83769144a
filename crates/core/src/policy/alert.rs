//! Alerts about licenses that run low, one at each crossing of a threshold.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::catalog::Counts;

/// The thresholds at which an alert about low licenses is due, in percent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LowLicenseThresholds {
    /// Available licenses in percent of the total. An alert is due at or below each of these.
    pub percent_available: BTreeSet<u8>,
}

/// The thresholds that were reported and that the counts are still at or below. The embedder keeps them between calls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportedThresholds {
    /// The thresholds, in percent.
    pub percent_available: BTreeSet<u8>,
}

impl Default for LowLicenseThresholds {
    /// 20 and 10 percent, as another MDM product has them.
    fn default() -> Self {
        Self { percent_available: BTreeSet::from([20, 10]) }
    }
}

impl LowLicenseThresholds {
    /// Returns the lowest threshold that was crossed since `reported`, if one was, and the thresholds to pass next
    /// time.
    ///
    /// A threshold fires only when it is crossed, and again after the counts have risen above it. It never fires for an
    /// asset with unlimited licenses or with a total of 0.
    ///
    /// ```
    /// use mdm_vpp_core::{catalog::Counts, policy::{LowLicenseThresholds, ReportedThresholds}};
    ///
    /// let counts = Counts::from_reported(100, 85, 15, 0)?;
    /// let (alert, reported) = LowLicenseThresholds::default().judge(&counts, &ReportedThresholds::default());
    /// assert_eq!(alert, Some(20));
    /// assert_eq!(LowLicenseThresholds::default().judge(&counts, &reported).0, None);
    /// # Ok::<(), mdm_vpp_core::catalog::CountsError>(())
    /// ```
    #[must_use]
    pub fn judge(&self, counts: &Counts, reported: &ReportedThresholds) -> (Option<u8>, ReportedThresholds) {
        let Counts::Limited { total, available, .. } = *counts else {
            return (None, ReportedThresholds::default());
        };
        // Multiplied instead of divided, so that nothing is rounded, and in 128 bits, so that nothing overflows.
        let reached = |percent: &&u8| {
            total > 0 && u128::from(available) * 100 <= u128::from(total) * u128::from(**percent)
        };
        let now: BTreeSet<u8> = self.percent_available.iter().filter(reached).copied().collect();
        let fresh = now.difference(&reported.percent_available).next().copied();
        (fresh, ReportedThresholds { percent_available: now })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(total: u64, available: u64) -> Counts {
        Counts::Limited { total, assigned: total.saturating_sub(available), available, retired: 0 }
    }

    /// The alerts along a series of counts.
    fn alerts(series: &[Counts]) -> Vec<Option<u8>> {
        let mut reported = ReportedThresholds::default();
        series
            .iter()
            .map(|counts| {
                let (alert, after) = LowLicenseThresholds::default().judge(counts, &reported);
                reported = after;
                alert
            })
            .collect()
    }

    #[test]
    fn a_threshold_fires_on_crossing_only_and_re_arms_on_recovery() {
        let series = [21, 20, 20, 15, 10, 9, 30, 20].map(|available| counts(100, available));
        assert_eq!(alerts(&series), [None, Some(20), None, None, Some(10), None, None, Some(20)]);
    }

    #[test]
    fn a_fall_through_several_thresholds_gives_one_alert_for_the_lowest() {
        assert_eq!(alerts(&[counts(100, 50), counts(100, 0), counts(100, 0)]), [None, Some(10), None]);
    }

    #[test]
    fn an_asset_with_unlimited_licenses_or_none_at_all_never_alerts() {
        assert_eq!(alerts(&[Counts::Unlimited { assigned: 5 }, counts(0, 0)]), [None, None]);
        assert_eq!(alerts(&[counts(u64::MAX, u64::MAX), counts(u64::MAX, 1)]), [None, Some(10)]);
    }
}
