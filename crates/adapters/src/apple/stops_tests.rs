//! Whom a `Retry-After` holds, and for how long.

use super::*;

const WAIT: Duration = Duration::from_secs(120);

fn token(name: &str) -> ContentToken {
    ContentToken::new(name).unwrap()
}

fn trouble() -> ServiceErrorKind {
    ServiceErrorKind::HttpStatus { status: 503, excerpt: String::new() }
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_366_400, 0).unwrap()
}

fn remaining(stops: &Stops, service: Service, token: &ContentToken, after: u64) -> Option<u64> {
    let now = noon() + Duration::from_secs(after);
    stops.holding(service, token, now)?.remaining(now).map(|rest| rest.as_secs())
}

#[test]
fn a_stop_holds_its_token_until_its_end_and_no_other() {
    let stops = Stops::default();
    stops.note(Service::Licenses, &token("one"), WAIT, &trouble(), noon());
    assert_eq!(remaining(&stops, Service::Licenses, &token("one"), 0), Some(120));
    assert_eq!(remaining(&stops, Service::Licenses, &token("one"), 119), Some(1));
    assert_eq!(remaining(&stops, Service::Licenses, &token("one"), 120), None);
    assert_eq!(remaining(&stops, Service::Licenses, &token("two"), 0), None);
}

#[test]
fn a_stop_holds_every_token_of_a_known_location() {
    let stops = Stops::default();
    let location = LocationId::new("2049025000431439").unwrap();
    stops.learn(&token("old"), &location);
    stops.learn(&token("new"), &location);
    stops.note(Service::Licenses, &token("old"), WAIT, &trouble(), noon());
    assert_eq!(remaining(&stops, Service::Licenses, &token("new"), 0), Some(120));
}

#[test]
fn a_stop_that_was_noted_before_the_location_was_known_still_holds() {
    let stops = Stops::default();
    stops.note(Service::Licenses, &token("one"), WAIT, &trouble(), noon());
    stops.learn(&token("one"), &LocationId::new("1").unwrap());
    assert_eq!(remaining(&stops, Service::Licenses, &token("one"), 0), Some(120));
}

#[test]
fn a_shorter_stop_does_not_end_a_longer_one() {
    let stops = Stops::default();
    stops.note(Service::Licenses, &token("one"), WAIT, &trouble(), noon());
    stops.note(Service::Licenses, &token("one"), Duration::from_secs(5), &trouble(), noon());
    assert_eq!(remaining(&stops, Service::Licenses, &token("one"), 0), Some(120));
}

#[test]
fn the_store_holds_lookups_only() {
    let stops = Stops::default();
    stops.note(Service::Store, &token("one"), WAIT, &trouble(), noon());
    assert_eq!(remaining(&stops, Service::Store, &token("one"), 0), Some(120));
    assert_eq!(remaining(&stops, Service::Licenses, &token("one"), 0), None);
    stops.note(Service::Licenses, &token("two"), WAIT, &trouble(), noon());
    assert_eq!(remaining(&stops, Service::Store, &token("two"), 0), Some(120));
}

#[test]
fn the_end_of_time_is_a_stop_and_no_panic() {
    let stops = Stops::default();
    let until = stops.note(Service::Licenses, &token("canary-4711"), Duration::MAX, &trouble(), noon());
    assert_eq!(until, DateTime::<Utc>::MAX_UTC);
    assert!(!format!("{stops:?}").contains("canary"));
}

#[test]
fn stops_that_are_over_are_forgotten() {
    let stops = Stops::default();
    for second in 0..100_u64 {
        let now = noon() + Duration::from_secs(second);
        stops.note(
            Service::Licenses,
            &token(&format!("token-{second}")),
            Duration::from_secs(10),
            &trouble(),
            now,
        );
    }
    assert_eq!(stops.known().stops.len(), 10);
}
