//! `Retry-After` is a hard stop: for whom no request may be sent, and until when.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{id::LocationId, token::ContentToken};
use mdm_vpp_ports::ServiceErrorKind;

use super::{Service, retry_after::LONGEST};

/// So many tokens are remembered at most; beyond it memory starts anew.
const REMEMBERED: usize = 100_000;

/// A stop that Apple asked for.
#[derive(Debug, Clone)]
pub(crate) struct Stop {
    pub(crate) until: DateTime<Utc>,
    /// The answer that asked for it.
    pub(crate) trouble: ServiceErrorKind,
}

impl Stop {
    /// How long it lasts from `now`; `None` when it is over.
    pub(crate) fn remaining(&self, now: DateTime<Utc>) -> Option<Duration> {
        // A stop that is further away than any is noted by a clock that was ahead.
        (self.until - now).to_std().ok().filter(|rest| !rest.is_zero() && *rest <= LONGEST)
    }
}

/// Whom a stop holds: the location once a reply named it, else the token. Tokens are known by a keyed hash, so no
/// secret is kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    Token(u64),
    Location(LocationId),
}

/// All stops. A stop of the license service holds lookups too; one of the store holds lookups only, so that
/// lookups never block licenses.
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
        trouble: &ServiceErrorKind,
        now: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let until = later(now, wait);
        let token = self.token(token);
        let mut known = self.known();
        known.stops.retain(|_, stop| stop.until > now);
        let subject = known.subject(token);
        let stop =
            known.stops.entry((service, subject)).or_insert_with(|| Stop { until, trouble: trouble.clone() });
        if stop.until < until {
            *stop = Stop { until, trouble: trouble.clone() };
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

/// A time so much later; the end of time when there is none.
pub(crate) fn later(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(wait)
        .ok()
        .and_then(|wait| now.checked_add_signed(wait))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
#[path = "stops_tests.rs"]
mod tests;
