//! Warnings: alerts about low licenses, and the bound on releases.

use mdm_vpp::{
    catalog::Counts,
    policy::{LowLicenseThresholds, ReleaseBound, ReportedThresholds},
};

#[test]
fn p7_rule_low_license_alerts_fire_on_crossing_only_and_never_for_unlimited_assets() {
    let thresholds = LowLicenseThresholds::default();
    let limited =
        |available| Counts::Limited { total: 100, assigned: 100 - available, available, retired: 0 };
    let mut reported = ReportedThresholds::default();
    let mut alerts = Vec::new();
    for counts in [limited(50), limited(20), limited(19), limited(10), limited(40), limited(20)] {
        let (alert, after) = thresholds.judge(&counts, &reported);
        reported = after;
        alerts.push(alert);
    }
    assert_eq!(alerts, [None, Some(20), None, Some(10), None, Some(20)]);
    let unlimited = Counts::Unlimited { assigned: 1_000_000 };
    assert_eq!(thresholds.judge(&unlimited, &ReportedThresholds::default()).0, None);
}

#[test]
fn n15_rule_a_directory_that_answers_empty_stops_the_transaction_and_single_departures_do_not() {
    let bound = ReleaseBound::default();
    let stopped = bound.check(50_000, 50_000).unwrap_err();
    assert_eq!((stopped.releases, stopped.held), (50_000, 50_000), "the refusal names the releases");
    assert!(stopped.to_string().contains("50000"), "{stopped}");
    assert!(bound.check(19, 50_000).is_ok());
}
