//! The handle: everything that a test or a program does with the simulated service.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::faults::{FaultRule, FaultScript};
use crate::apple::{Endpoint, Limits, LocationUid};
use crate::demonstration::DemonstrationLocation;
use crate::model::LogEntry;
use crate::service::{Origin, Service};
use crate::settings::{BaseUrl, Settings, SimulatedClock};
use crate::wire::{Request, Response};

/// A simulated Apple service in memory. Clones are handles to the same service.
#[derive(Clone)]
pub struct Simulator {
    service: Arc<Mutex<Service>>,
    /// Behind a lock of their own, because a hook in them takes the whole handle. Locked after `service` where both
    /// are.
    faults: Arc<Mutex<FaultScript>>,
}

impl fmt::Debug for Simulator {
    /// Only numbers: the service holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let service = self.lock();
        f.debug_struct("Simulator")
            .field("now", &service.clock.now())
            .field("locations", &service.locations.len())
            .field("tokens", &service.tokens.len())
            .finish_non_exhaustive()
    }
}

impl Simulator {
    /// An empty service whose clock stands at `now`.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self::around(Service::new(now))
    }

    /// A service with the [demonstration location](crate::demonstration), its clock standing at `now`. The same `now`
    /// gives the same ids and the same token.
    pub fn demonstration(now: DateTime<Utc>) -> (Self, DemonstrationLocation) {
        let (service, location) = DemonstrationLocation::in_new_service(now);
        (Self::around(service), location)
    }

    fn around(service: Service) -> Self {
        Self { service: Arc::new(Mutex::new(service)), faults: Arc::default() }
    }

    /// A poisoned lock is taken all the same: no act leaves the service half changed.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Service> {
        self.service.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, FaultScript> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a request. The HTTP server does the same, and acts on [`Response::delivery`].
    pub fn handle(&self, request: Request) -> Response {
        let begun = self.begin(request);
        let reached = begun.test.as_ref().is_none_or(|test| self.test_succeeds(test));
        self.finish(begun, reached)
    }

    /// The time of the service.
    pub fn now(&self) -> DateTime<Utc> {
        self.lock().clock.now()
    }

    /// Lets the clock stand at this time, and everything happen whose time has come.
    pub fn set_now(&self, now: DateTime<Utc>) {
        let mut service = self.lock();
        service.clock = SimulatedClock::Standing(now);
        service.catch_up(now);
    }

    /// Moves the clock, also backwards; it stops at the ends of the calendar. Everything happens whose time has come,
    /// each thing at its own time.
    pub fn advance(&self, by: TimeDelta) {
        let mut service = self.lock();
        service.clock.advance(by);
        service.catch_up_with_clock();
    }

    /// Lets the clock follow the system's. It can still be advanced.
    pub fn use_system_clock(&self) {
        self.lock().clock = SimulatedClock::SYSTEM;
    }

    /// Makes everything as it was at the start: locations, tokens, store, limits, events, faults and log. The same ids
    /// come again, so the demonstration's token opens it again. A clock that stands goes back too; one that follows the
    /// system's does so without being ahead. Settings stay, and so does the function that answers the test
    /// notification.
    pub fn reset(&self) {
        let mut service = self.lock();
        let (made_at, origin) = service.origin;
        let mut fresh = match origin {
            Origin::Empty => Service::new(made_at),
            Origin::Demonstration => DemonstrationLocation::in_new_service(made_at).0,
        };
        if service.clock.runs() {
            fresh.clock = SimulatedClock::SYSTEM;
        }
        fresh.settings = service.settings.clone();
        fresh.listening_on = service.listening_on.take();
        fresh.test_receiver = service.test_receiver.take();
        *service = fresh;
        // While the service is still locked, so that no request meets the new service with the old faults.
        self.faults().clear();
    }

    /// The settings.
    pub fn settings(&self) -> Settings {
        self.lock().settings.clone()
    }

    /// Changes settings; they hold from the next request on.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.settings();
        change(&mut settings);
        self.lock().settings = settings;
    }

    /// The limits that service config tells.
    pub fn limits(&self) -> Limits {
        self.lock().limits.clone()
    }

    /// Changes the limits; service config tells them and the service enforces them from the next request on.
    pub fn change_limits(&self, change: impl FnOnce(&mut Limits)) {
        let mut limits = self.limits();
        change(&mut limits);
        self.lock().limits = limits;
    }

    /// The locations, in the order in which they were created.
    pub fn locations(&self) -> Vec<LocationUid> {
        self.lock().locations.keys().cloned().collect()
    }

    /// The base URL that service config tells: the one set, else the address of the server, else a host that exists
    /// nowhere.
    pub fn base_url(&self) -> BaseUrl {
        self.lock().base_url()
    }

    /// Adds a fault.
    pub fn inject(&self, rule: FaultRule) {
        self.faults().add(rule);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.faults().clear();
    }

    /// How many fault rules still wait for requests.
    pub fn waiting_faults(&self) -> usize {
        self.faults().waiting()
    }

    /// The last requests, oldest first.
    pub fn requests(&self) -> Vec<LogEntry> {
        self.lock().log.entries()
    }

    /// The number of requests to an endpoint since the log was cleared.
    pub fn count(&self, endpoint: Endpoint) -> u64 {
        self.lock().log.count(endpoint)
    }

    /// Clears the request log and its counts.
    pub fn clear_requests(&self) {
        self.lock().log.clear();
    }
}
