//! What a tester does to events: see them, hold them, run them early, late and out of order.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::event::{EventStatus, EventView};
use super::work::Task;
use crate::model::{Assignment, EventId};
use crate::simulator::Simulator;

/// In which order a tester runs events that are pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventOrder {
    /// As they were accepted.
    OldestFirst,
    /// The other way round.
    NewestFirst,
}

/// Events. Each method that changes one answers whether there is one of this id that is pending.
impl Simulator {
    /// All events that are remembered, in the order in which they were accepted.
    pub fn events(&self) -> Vec<EventView> {
        self.lock().events.values().map(|event| event.view()).collect()
    }

    /// One event.
    pub fn event(&self, id: &EventId) -> Option<EventView> {
        self.lock().events.get(id).map(|event| event.view())
    }

    /// The assignments that an event is to give or to take, in no particular order; none of one that is for users. For a
    /// revoke they are known once it has begun.
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
        self.on_pending_event(id, |service, event| service.hold(event))
    }

    /// Lets the next step of an event come this long from now, however it was planned. With more than one step left, the
    /// others come as planned, or at once where their time is over.
    pub fn postpone_event(&self, id: &EventId, by: TimeDelta) -> bool {
        self.on_pending_event(id, |service, event| {
            let now = service.clock.now();
            service.enter_step(event, super::agenda::later(now, by));
        })
    }

    fn on_pending_event(
        &self,
        id: &EventId,
        act: impl FnOnce(&mut crate::model::Service, &mut super::Event),
    ) -> bool {
        let mut service = self.lock();
        let now = service.clock.now();
        service.catch_up(now);
        let pending = service.events.get(id).is_some_and(|event| event.status == EventStatus::Pending);
        if pending {
            service.on_event(id, act);
        }
        pending
    }
}
