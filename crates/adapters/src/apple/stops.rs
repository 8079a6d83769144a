//! `Retry-After` is a hard stop: how it is read, which locations and tokens it holds, and until when.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{id::LocationId, token::ContentToken};
use mdm_vpp_ports::ServiceErrorKind;

use super::Service;

/// The largest number of tokens that are remembered; beyond it the memory starts anew. Our choice: far more than an
/// installation has, and a bound all the same. A forgotten token costs one request that Apple refuses.
const REMEMBERED: usize = 100_000;

/// A stop that Apple asked for.
#[derive(Debug, Clone)]
pub(crate) struct Stop {
    pub(crate) until: DateTime<Utc>,
    /// The failure whose answer asked for it.
    pub(crate) kind: ServiceErrorKind,
}

impl Stop {
    /// How long it lasts from `now`; `None` when it is over.
    pub(crate) fn remaining(&self, now: DateTime<Utc>) -> Option<Duration> {
        // Stops last at most a day, so an end further away was noted by a clock that was ahead then.
        (self.until - now).to_std().ok().filter(|rest| !rest.is_zero() && *rest <= LONGEST)
    }
}

/// What a stop holds: the location once a reply named it, else the token. Tokens are kept as a keyed hash, so that no
/// secret stays in memory.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    Token(u64),
    Location(LocationId),
}

/// All stops. A stop of the license service holds lookups too; one of the store holds lookups only, so that lookups
/// never block licenses.
#[derive(Debug, Default)]
pub(crate) struct Stops {
    hasher: RandomState,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    locations: HashMap<u64, LocationId>,
    stops: HashMap<(Service, Subject), Stop>,
}

impl Stops {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn token(&self, token: &ContentToken) -> u64 {
        self.hasher.hash_one(token.expose())
    }

    /// Learns from a reply which location a token belongs to.
    pub(crate) fn learn(&self, token: &ContentToken, location: &LocationId) {
        let token = self.token(token);
        let mut known = self.known();
        if known.locations.get(&token) == Some(location) {
            return;
        }
        if known.locations.len() >= REMEMBERED {
            known.locations.clear();
        }
        known.locations.insert(token, location.clone());
    }

    /// Notes a stop from `now` on and returns its end. An earlier stop that lasts longer stays.
    pub(crate) fn note(
        &self,
        service: Service,
        token: &ContentToken,
        wait: Duration,
        kind: &ServiceErrorKind,
        now: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let until = later(now, wait);
        let token = self.token(token);
        let mut known = self.known();
        known.stops.retain(|_, stop| stop.until > now);
        let subject = known.subject(token);
        let stop =
            known.stops.entry((service, subject)).or_insert_with(|| Stop { until, kind: kind.clone() });
        if stop.until < until {
            *stop = Stop { until, kind: kind.clone() };
        }
        until
    }

    /// The stop that holds a token at `now`.
    pub(crate) fn holding(&self, service: Service, token: &ContentToken, now: DateTime<Utc>) -> Option<Stop> {
        let token = self.token(token);
        let known = self.known();
        let services: &[Service] = match service {
            Service::Licenses => &[Service::Licenses],
            Service::Store => &[Service::Licenses, Service::Store],
        };
        // Both subjects: a stop may have been noted for the token before a reply named its location.
        services
            .iter()
            .flat_map(|service| {
                [known.subject(token), Subject::Token(token)].map(|subject| (*service, subject))
            })
            .filter_map(|key| known.stops.get(&key))
            .filter(|stop| stop.remaining(now).is_some())
            .max_by_key(|stop| stop.until)
            .cloned()
    }
}

impl Known {
    fn subject(&self, token: u64) -> Subject {
        self.locations
            .get(&token)
            .map_or(Subject::Token(token), |location| Subject::Location(location.clone()))
    }
}

/// The time after a wait; the end of time when it would be later.
pub(crate) fn later(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(wait)
        .ok()
        .and_then(|wait| now.checked_add_signed(wait))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The longest stop that is believed. Our choice: a mistyped header must not block a location for years.
pub(crate) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The wait that a header asks for from `now`, at most a day; none for a date in the past. `None` when it is neither
/// seconds nor a date.
pub(crate) fn parse_retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    let since_epoch = at.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let now_since_epoch = Duration::from_millis(u64::try_from(now.timestamp_millis()).ok()?);
    Some(since_epoch.saturating_sub(now_since_epoch).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_secs(120);

    fn token(name: &str) -> ContentToken {
        ContentToken::new(name).unwrap()
    }

    fn busy() -> ServiceErrorKind {
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
        stops.note(Service::Licenses, &token("one"), WAIT, &busy(), noon());
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
        stops.note(Service::Licenses, &token("old"), WAIT, &busy(), noon());
        assert_eq!(remaining(&stops, Service::Licenses, &token("new"), 0), Some(120));
    }

    #[test]
    fn a_stop_that_was_noted_before_the_location_was_known_still_holds() {
        let stops = Stops::default();
        stops.note(Service::Licenses, &token("one"), WAIT, &busy(), noon());
        stops.learn(&token("one"), &LocationId::new("1").unwrap());
        assert_eq!(remaining(&stops, Service::Licenses, &token("one"), 0), Some(120));
    }

    #[test]
    fn a_shorter_stop_does_not_end_a_longer_one() {
        let stops = Stops::default();
        stops.note(Service::Licenses, &token("one"), WAIT, &busy(), noon());
        stops.note(Service::Licenses, &token("one"), Duration::from_secs(5), &busy(), noon());
        assert_eq!(remaining(&stops, Service::Licenses, &token("one"), 0), Some(120));
    }

    #[test]
    fn the_store_holds_lookups_only() {
        let stops = Stops::default();
        stops.note(Service::Store, &token("one"), WAIT, &busy(), noon());
        assert_eq!(remaining(&stops, Service::Store, &token("one"), 0), Some(120));
        assert_eq!(remaining(&stops, Service::Licenses, &token("one"), 0), None);
        stops.note(Service::Licenses, &token("two"), WAIT, &busy(), noon());
        assert_eq!(remaining(&stops, Service::Store, &token("two"), 0), Some(120));
    }

    #[test]
    fn the_end_of_time_is_a_stop_and_no_panic() {
        let stops = Stops::default();
        let until = stops.note(Service::Licenses, &token("canary-4711"), Duration::MAX, &busy(), noon());
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
                &busy(),
                now,
            );
        }
        assert_eq!(stops.known().stops.len(), 10);
    }

    fn at_noon(text: &str) -> Option<u64> {
        let now = DateTime::parse_from_rfc3339("2026-03-01T12:00:00Z").unwrap().to_utc();
        parse_retry_after(text, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn both_forms_are_read() {
        assert_eq!(at_noon("120"), Some(120));
        assert_eq!(at_noon(" 0 "), Some(0));
        assert_eq!(at_noon("Sun, 01 Mar 2026 12:02:00 GMT"), Some(120));
        assert_eq!(at_noon("Sunday, 01-Mar-26 12:02:00 GMT"), Some(120));
        assert_eq!(at_noon("Sun Mar  1 12:02:00 2026"), Some(120));
        assert_eq!(at_noon("Sun, 01 Mar 2026 11:00:00 GMT"), Some(0));
    }

    #[test]
    fn no_wait_is_longer_than_a_day() {
        assert_eq!(at_noon("99999999999999999999999"), Some(86_400));
        assert_eq!(at_noon("Mon, 01 Mar 2027 12:00:00 GMT"), Some(86_400));
    }

    #[test]
    fn anything_else_is_no_wait() {
        for wrong in ["", "soon", "-1", "1.5", "12 s", "2026-03-01T12:00:00Z"] {
            assert_eq!(at_noon(wrong), None, "{wrong:?}");
        }
    }
}
