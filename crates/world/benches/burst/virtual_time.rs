//! Virtual time, in which devices arrive while the library waits for an answer or for its pace.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_adapters::http::{HttpFailure, HttpRequest, HttpResponse, HttpTransport};
use mdm_vpp_core::{
    decide::assignments::AssignmentChange,
    id::{Actor, LocationId, TenantId},
    seats::SeatKey,
};
use mdm_vpp_engine::Vpp;
use mdm_vpp_ports::{Clock, Timer};
use mdm_vpp_simulator::Simulator;
use mdm_vpp_world::{answered, asked};

/// A device that arrives, and the seats that are then assigned to it.
pub(crate) struct Arrival {
    pub(crate) at: DateTime<Utc>,
    pub(crate) seats: Vec<SeatKey>,
}

/// The embedder: it assigns seats when a device arrives, also while the library works, and may take notifications.
pub(crate) struct Embedder {
    pub(crate) vpp: Vpp,
    pub(crate) takes_notifications: bool,
    pub(crate) tenant: TenantId,
    pub(crate) location: LocationId,
    pub(crate) actor: Actor,
}

/// A clock and timer whose time passes when the library or the bench waits.
pub(crate) struct Time {
    now: Mutex<DateTime<Utc>>,
    simulator: Simulator,
    arrivals: Mutex<VecDeque<Arrival>>,
    pub(crate) embedder: OnceLock<Embedder>,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Time {
    pub(crate) fn new(simulator: Simulator) -> Self {
        let now = Mutex::new(simulator.now());
        Self { now, simulator, arrivals: Mutex::default(), embedder: OnceLock::new() }
    }

    /// Devices will arrive, in this order.
    pub(crate) fn expect(&self, arrivals: Vec<Arrival>) {
        locked(&self.arrivals).extend(arrivals);
    }

    /// When the next device arrives.
    pub(crate) fn next_arrival(&self) -> Option<DateTime<Utc>> {
        locked(&self.arrivals).front().map(|arrival| arrival.at)
    }

    /// Lets time pass, with the arrivals and notifications that fall into it.
    pub(crate) async fn pass_until(&self, at: DateTime<Utc>) {
        loop {
            let arrival = {
                let mut arrivals = locked(&self.arrivals);
                let is_here = arrivals.front().is_some_and(|arrival| arrival.at <= at);
                if is_here { arrivals.pop_front() } else { None }
            };
            let Some(arrival) = arrival else { break };
            self.set(arrival.at);
            self.deliver().await;
            self.assign(arrival).await;
        }
        self.set(at);
        self.deliver().await;
    }

    async fn assign(&self, arrival: Arrival) {
        let embedder = self.embedder.get().expect("the embedder is set before devices arrive");
        let change =
            AssignmentChange::Seats { assign: arrival.seats.into_iter().collect(), unassign: [].into() };
        let report = embedder
            .vpp
            .tenant(embedder.tenant.clone())
            .change_assignments(&embedder.location, &change, &embedder.actor)
            .await;
        drop(report.expect("the change is accepted"));
    }

    /// Brings Apple's notifications to the embedder, if it takes them.
    async fn deliver(&self) {
        let notifications = self.simulator.take_notifications();
        let Some(embedder) = self.embedder.get().filter(|embedder| embedder.takes_notifications) else {
            return;
        };
        for notification in notifications {
            let header = format!("Bearer {}", notification.bearer);
            let answer = embedder.vpp.notification(Some(&header), &notification.body).await;
            assert_eq!(answer.expect("the notification is accepted").http_status(), 200);
        }
    }

    fn set(&self, at: DateTime<Utc>) {
        let mut now = locked(&self.now);
        *now = at.max(*now);
        self.simulator.set_now(*now);
    }
}

impl Clock for Time {
    fn now(&self) -> DateTime<Utc> {
        *locked(&self.now)
    }
}

#[async_trait]
impl Timer for Time {
    async fn wait_until(&self, at: DateTime<Utc>) {
        self.pass_until(at).await;
    }
}

/// The network: a request and its answer each travel half of the latency.
pub(crate) struct Network {
    pub(crate) time: Arc<Time>,
    pub(crate) simulator: Simulator,
    pub(crate) latency: TimeDelta,
}

#[async_trait]
impl HttpTransport for Network {
    async fn send(&self, request: &HttpRequest) -> Result<HttpResponse, HttpFailure> {
        self.time.pass_until(self.time.now() + self.latency / 2).await;
        let answer = self.simulator.handle(asked(request));
        self.time.pass_until(self.time.now() + self.latency / 2).await;
        Ok(answered(&answer))
    }
}
