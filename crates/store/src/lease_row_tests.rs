//! Who gets a lease, and what clocks that jump can do.

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn talker(name: &str) -> LeaseHolder {
    LeaseHolder(name.to_owned())
}

fn ask(row: Option<&LeaseRow>, name: &str, seconds: i64) -> Option<LeaseRow> {
    let (row, has_it) = LeaseRow::asked(row, &talker(name), at(seconds), TimeDelta::seconds(60));
    has_it.then_some(row)
}

fn location() -> LocationId {
    LocationId::new("2049025000431439").unwrap()
}

#[test]
fn a_talker_renews_in_time_and_another_waits_until_the_end() {
    let first = ask(None, "a", 0).unwrap();
    assert_eq!((first.epoch, first.lease(&location()).until), (1, at(60)));
    assert_eq!(ask(Some(&first), "b", 59), None);
    let renewed = ask(Some(&first), "a", 59).unwrap();
    assert_eq!((renewed.epoch, renewed.lease(&location()).until), (1, at(119)));
    let taken = ask(Some(&renewed), "b", 119).unwrap();
    assert_eq!((taken.epoch, taken.talker.0.as_str()), (2, "b"));
}

#[test]
fn a_talker_who_comes_too_late_is_a_new_one() {
    let first = ask(None, "a", 0).unwrap();
    assert_eq!(ask(Some(&first), "a", 60).unwrap().epoch, 2);
}

#[test]
fn a_clock_that_jumps_back_makes_no_second_talker() {
    let first = ask(None, "a", 0).unwrap();
    let told = first.lease(&location());
    let renewed = ask(Some(&first), "a", -50).unwrap();
    assert_eq!(renewed.lease(&location()).until, told.until, "what was told stays true");
    assert_eq!(ask(Some(&renewed), "b", 59), None);
    assert!(LeaseRow::holds(Some(&renewed), &told, at(59)));

    let taken = ask(Some(&renewed), "b", 60).unwrap();
    assert!(!LeaseRow::holds(Some(&taken), &told, at(0)), "not by turning the clock back");
    let given_back = LeaseRow { until: None, ..taken };
    let lease = given_back.lease(&location());
    assert!(!LeaseRow::holds(Some(&given_back), &lease, DateTime::<Utc>::MIN_UTC));
}

#[test]
fn after_a_clock_that_was_far_ahead_nobody_waits_longer_than_an_hour() {
    let year = 365 * 24 * 3_600;
    let ahead = ask(None, "a", year).unwrap();
    let (asked, has_it) = LeaseRow::asked(Some(&ahead), &talker("b"), at(0), TimeDelta::seconds(60));
    assert!(!has_it && asked.epoch == 1, "the one who has it may be at it");
    assert_eq!(asked.lease(&location()).until, at(3_600));
    assert_eq!(ask(Some(&asked), "b", 3_599), None);
    assert_eq!(ask(Some(&asked), "b", 3_600).unwrap().epoch, 2);
}

#[test]
fn a_lease_beyond_the_end_of_time_ends_with_time() {
    let forever = LeaseRow::asked(None, &talker("a"), at(0), TimeDelta::MAX).0;
    assert!(forever.lease(&location()).until > at(1_000_000));
    assert_eq!(ask(Some(&forever), "b", 1_000_000), None);
    let never = LeaseRow::asked(None, &talker("a"), at(0), TimeDelta::zero()).0;
    assert!(!LeaseRow::holds(Some(&never), &never.lease(&location()), at(0)));
}
