//! A tester's acts on events and notifications: watch them, hold them, run them early, late or out of order.

use std::sync::Arc;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::handle::Simulator;
use crate::apple::{Assignment, EventId, EventStatus};
use crate::model::{Event, EventView, Notification, Task, TestReceiver};
use crate::service::Service;
use crate::settings::later;

/// In which order a tester runs events that are pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventOrder {
    /// In the order in which they were accepted.
    OldestFirst,
    /// The other way round.
    NewestFirst,
}

/// Events. Each method that changes one answers whether there is one of this id that is pending.
impl Simulator {
    /// All events that are remembered, in the order in which they were accepted.
    pub fn events(&self) -> Vec<EventView> {
        self.lock().events.values().map(Event::view).collect()
    }

    /// One event.
    pub fn event(&self, id: &EventId) -> Option<EventView> {
        self.lock().events.get(id).map(Event::view)
    }

    /// The assignments that an event is to give or to take, in no particular order. An event for users has none; those
    /// of a revocation are known once it has begun.
    pub fn event_assignments(&self, id: &EventId) -> Vec<Assignment> {
        let service = self.lock();
        let work = service.events.get(id).map(|event| &event.work);
        let tasks = work.into_iter().flat_map(|work| (0..).map_while(|number| work.task(number)));
        let assignment = |task| match task {
            Task::Assignment(assignment) => Some(assignment),
            Task::User(_) => None,
        };
        tasks.filter_map(assignment).collect()
    }

    /// Does now all that is left of an event, whatever its plan says.
    pub fn run_event(&self, id: &EventId) -> bool {
        self.on_pending_event(id, |service, event| {
            let now = service.clock.now();
            service.complete(event, now);
            service.catch_up(now);
        })
    }

    /// Runs all pending events, one after the other. Answers how many there were.
    pub fn run_events(&self, order: EventOrder) -> usize {
        let events = self.events().into_iter().filter(|event| event.status == EventStatus::Pending);
        let mut pending: Vec<_> = events.map(|event| event.id).collect();
        if order == EventOrder::NewestFirst {
            pending.reverse();
        }
        pending.into_iter().filter(|id| self.run_event(id)).count()
    }

    /// Holds an event where it stands until [`Simulator::run_event`] or [`Simulator::postpone_event`].
    pub fn hold_event(&self, id: &EventId) -> bool {
        self.on_pending_event(id, Service::hold)
    }

    /// Lets the next step of an event come this long from now, whatever its plan says. With more than one step left,
    /// the others come as planned, or at once where their time is over.
    pub fn postpone_event(&self, id: &EventId, by: TimeDelta) -> bool {
        self.on_pending_event(id, |service, event| {
            let now = service.clock.now();
            service.schedule_step(event, later(now, by));
        })
    }

    fn on_pending_event(&self, id: &EventId, act: impl FnOnce(&mut Service, &mut Event)) -> bool {
        let mut service = self.lock();
        service.catch_up_with_clock();
        let pending = service.events.get(id).is_some_and(|event| event.status == EventStatus::Pending);
        if pending {
            service.on_event(id, act);
        }
        pending
    }
}

/// Notifications.
impl Simulator {
    /// Takes the notifications whose time has come, in the order in which they are sent. Lost ones are not among them,
    /// doubled ones twice. The caller delivers them: it posts the body to the URL with the token.
    pub fn take_notifications(&self) -> Vec<Notification> {
        let mut service = self.lock();
        let now = service.catch_up_with_clock();
        let newest_first = service.settings.notifications.newest_first;
        service.outbox.take(now, newest_first)
    }

    /// How many notifications wait, whether their time has come or not.
    pub fn waiting_notifications(&self) -> usize {
        self.lock().outbox.waiting()
    }

    /// Lets a function answer the test notification that is sent while client config is written: `true` stands for a
    /// status of 2xx, `false` refuses the request with 9728. The function runs without the lock, so it may use the
    /// whole handle. Without a function the test succeeds. Over HTTP it is asked only where nothing is really posted.
    pub fn on_test_notification(&self, answer: impl Fn(&Notification) -> bool + Send + Sync + 'static) {
        self.lock().test_receiver = Some(TestReceiver(Arc::new(answer)));
    }

    /// Catches up with the time, and answers how notifications travel.
    #[cfg(feature = "http")]
    pub(crate) fn catch_up_and_read_dials(&self) -> crate::settings::NotificationDials {
        let mut service = self.lock();
        service.catch_up_with_clock();
        service.settings.notifications.clone()
    }

    pub(crate) fn test_succeeds(&self, notification: &Notification) -> bool {
        let receiver = self.lock().test_receiver.clone();
        receiver.is_none_or(|receiver| (receiver.0)(notification))
    }
}
