//! Where what Apple lists differs from what we have.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use mdm_vpp_core::decide::assignments::*;

use serde_json::json;

use crate::fixture::*;

#[test]
fn seats_of_a_vanished_asset_are_listed_with_it_and_in_no_other_list() {
    let mut fixture = location_with(5);
    fixture.full_read(&["A", "B"]);
    let _ = fixture.change_assignments(&["A"], &[]);
    fixture.full_read(&["A", "B"]);
    let begun_at = fixture.now + TimeDelta::minutes(1);
    let listed = BTreeSet::from([device_seat(7, "A"), device_seat(8, "X")]);

    let mut finder = DriftFinder::new(begun_at, BTreeSet::from([asset(9)]));
    finder.compare(&fixture.rows, &listed);
    let report = finder.report(true);
    let seven = VanishedAsset { asset: asset(7), seats: vec![device_seat(7, "A"), device_seat(7, "B")] };
    let eight = VanishedAsset { asset: asset(8), seats: vec![device_seat(8, "X")] };
    assert_eq!(report.vanished, [seven, eight]);
    assert!(report.foreign.is_empty() && report.missing.is_empty() && !report.is_empty());

    let mut finder = DriftFinder::new(begun_at, BTreeSet::from([asset(7)]));
    finder.compare(&fixture.rows, &BTreeSet::from([device_seat(7, "A"), device_seat(7, "Z")]));
    let report = finder.report(false);
    assert_eq!((report.foreign, report.vanished), (vec![device_seat(7, "Z")], vec![]));
}

#[test]
fn a_report_has_a_stable_shape() {
    let mut finder = DriftFinder::new(now(), BTreeSet::from([asset(7)]));
    finder.compare(&location_with(1).rows, &BTreeSet::from([device_seat(7, "A"), device_seat(8, "B")]));
    let key = |adam_id: u64, serial: &str| serde_json::to_value(device_seat(adam_id, serial)).unwrap();
    let expected = json!({
        "read_at": "2027-01-15T08:00:00Z",
        "foreign": [key(7, "A")],
        "orphans": [],
        "missing": [],
        "vanished": [{"asset": serde_json::to_value(asset(8)).unwrap(), "seats": [key(8, "B")]}],
        "under_way": 0,
        "changed_meanwhile": false,
    });
    let report = finder.report(false);
    assert_eq!(serde_json::to_value(&report).unwrap(), expected);
    assert_eq!(serde_json::from_value::<DriftReport>(expected).unwrap(), report);
}
