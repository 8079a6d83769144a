//! Which difference is which drift, and which is none.

use chrono::TimeDelta;
use serde_json::json;

use super::*;
use crate::{
    seats::{
        Direction, Fence, RequestNumber,
        testing::{FOREIGN, FREE, HOLD, apple_error, asset, device_seat, seat},
    },
    talk::testing::house,
    testing::{now, shape},
};

/// The reading began a minute after the seats were touched.
fn begun_at() -> DateTime<Utc> {
    now() + TimeDelta::minutes(1)
}

fn still(want: Want, seen: Seen) -> Seat {
    seat(want, seen, now())
}

#[test]
fn each_difference_is_one_kind_of_drift_or_under_way() {
    let moving = |motion| Seat { motion, ..still(HOLD, Seen::Present) };
    let given_up = Motion::GivenUp { error: apple_error() };
    let fence = Some(Fence::around(Direction::Associate, now()));
    let table = [
        (still(HOLD, Seen::Present), "fine", "missing"),
        (still(HOLD, Seen::Told), "fine", "missing"),
        (still(HOLD, Seen::Absent), "fine", "fine"),
        (still(HOLD, Seen::Unknown), "under way", "under way"),
        (Seat { motion: given_up.clone(), ..still(HOLD, Seen::Absent) }, "fine", "fine"),
        (still(FREE, Seen::Present), "orphan", "fine"),
        (still(FREE, Seen::Absent), "orphan", "fine"),
        (still(FREE, Seen::Unknown), "under way", "under way"),
        (Seat { motion: given_up, ..still(FREE, Seen::Present) }, "orphan", "fine"),
        (still(FOREIGN, Seen::Present), "foreign", "fine"),
        (Seat { touched_at: begun_at(), ..still(FOREIGN, Seen::Present) }, "foreign", "fine"),
        (moving(Motion::Queued { apart: None }), "under way", "under way"),
        (moving(Motion::InRequest { request: RequestNumber(1) }), "under way", "under way"),
        (Seat { fence, ..still(FREE, Seen::Absent) }, "under way", "under way"),
        (Seat { touched_at: begun_at(), ..still(HOLD, Seen::Present) }, "under way", "under way"),
        (Seat { touched_at: begun_at(), ..still(FREE, Seen::Absent) }, "under way", "under way"),
    ];
    let name = |verdict| match verdict {
        Verdict::AsItShouldBe => "fine",
        Verdict::UnderWay => "under way",
        Verdict::Foreign => "foreign",
        Verdict::Orphan => "orphan",
        Verdict::Missing => "missing",
    };
    for (seat, listed, not_listed) in table {
        let said = |is_listed| name(judge(&seat, is_listed, begun_at()));
        assert_eq!((said(true), said(false)), (listed, not_listed), "{seat:?}");
    }
}

#[test]
fn seats_of_a_vanished_asset_are_told_with_it_and_in_no_other_list() {
    let mut house = house(5);
    house.walk(&["A", "B"]);
    let _ = house.wish(&["A"], &[]);
    house.walk(&["A", "B"]);
    let begun_at = house.now + TimeDelta::minutes(1);
    let listed = BTreeSet::from([device_seat(7, "A"), device_seat(8, "X")]);

    let mut finder = DriftFinder::new(begun_at, BTreeSet::from([asset(9)]));
    finder.compare(&house.rows, &listed);
    let report = finder.report(true);
    let seven = VanishedAsset { asset: asset(7), seats: vec![device_seat(7, "A"), device_seat(7, "B")] };
    let eight = VanishedAsset { asset: asset(8), seats: vec![device_seat(8, "X")] };
    assert_eq!(report.vanished, [seven, eight]);
    assert!(report.foreign.is_empty() && report.missing.is_empty() && !report.is_empty());

    let mut finder = DriftFinder::new(begun_at, BTreeSet::from([asset(7)]));
    finder.compare(&house.rows, &BTreeSet::from([device_seat(7, "A"), device_seat(7, "Z")]));
    let report = finder.report(false);
    assert_eq!((report.foreign, report.vanished), (vec![device_seat(7, "Z")], vec![]));
}

#[test]
fn a_report_has_a_stable_shape() {
    let mut finder = DriftFinder::new(now(), BTreeSet::from([asset(7)]));
    finder.compare(&house(1).rows, &BTreeSet::from([device_seat(7, "A"), device_seat(8, "B")]));
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
    shape(&finder.report(false), &expected);
}
