//! When events go on, and the service catching up with the time.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use super::event::{Event, EventKind, EventStatus};
use super::failures::Failures;
use super::work::Work;
use crate::model::{EventDelay, EventId, EventPlan, LocationUid, Service};

/// Something that happens at a time.
#[derive(Clone, Debug)]
enum Due {
    /// An event does its next step.
    Step(EventId),
    /// The changes of a finished event are shown.
    Reveal(EventId),
}

/// What happens when. Things of the same time happen in the order in which they were entered.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    due: BTreeMap<(DateTime<Utc>, u64), Due>,
    entered: u64,
    /// Events in the order in which they were finished.
    pub(super) finished: VecDeque<(DateTime<Utc>, EventId)>,
}

impl Agenda {
    fn enter(&mut self, at: DateTime<Utc>, due: Due) -> (DateTime<Utc>, u64) {
        self.entered = self.entered.saturating_add(1);
        self.due.insert((at, self.entered), due);
        (at, self.entered)
    }

    pub(super) fn reveal_at(&mut self, at: DateTime<Utc>, id: EventId) {
        self.enter(at, Due::Reveal(id));
    }
}

impl Service {
    /// Accepts an event. It runs no earlier than the service next catches up with the time.
    pub(crate) fn accept_event(
        &mut self,
        uid: &LocationUid,
        kind: EventKind,
        work: Work,
        plan: Option<EventPlan>,
        now: DateTime<Utc>,
    ) -> EventId {
        let id = EventId::numbered(self.count());
        let requested = self.locations.get(uid).map_or(0, |location| work.len(location));
        let mut event = Event {
            id: id.clone(),
            location: uid.clone(),
            kind,
            plan: plan.unwrap_or_else(|| self.settings.events.clone()),
            work,
            accepted_at: now,
            status: EventStatus::Pending,
            requested,
            completed: 0,
            failures: Failures::default(),
            step: 1,
            next_task: 0,
            due: None,
            hidden: Vec::new(),
            outcomes: Vec::new(),
        };
        self.schedule(&mut event, now);
        self.events.insert(id.clone(), event);
        id
    }

    /// Enters the next step of an event where its plan has it, but not before a time.
    pub(super) fn schedule(&mut self, event: &mut Event, not_before: DateTime<Utc>) {
        let EventDelay::After(delay) = event.plan.delay else { return };
        let whole = TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX);
        let steps = event.plan.steps.get();
        let part = if event.step >= steps {
            whole
        } else {
            let milliseconds =
                i128::from(whole.num_milliseconds()) * i128::from(event.step) / i128::from(steps);
            TimeDelta::milliseconds(i64::try_from(milliseconds).unwrap_or(i64::MAX / 2))
        };
        self.enter_step(event, later(event.accepted_at, part).max(not_before));
    }

    /// Enters the next step of an event at a time, and nowhere else.
    pub(super) fn enter_step(&mut self, event: &mut Event, at: DateTime<Utc>) {
        self.hold(event);
        event.due = Some(self.agenda.enter(at, Due::Step(event.id.clone())));
    }

    /// Takes an event out of the agenda.
    pub(super) fn hold(&mut self, event: &mut Event) {
        if let Some(due) = event.due.take() {
            self.agenda.due.remove(&due);
        }
    }

    /// Lets everything happen that is due, in the order of its time.
    pub(crate) fn catch_up(&mut self, now: DateTime<Utc>) {
        while let Some(entry) = self.agenda.due.first_entry().filter(|entry| entry.key().0 <= now) {
            let ((at, _), due) = entry.remove_entry();
            match due {
                Due::Step(id) => self.on_event(&id, |service, event| {
                    event.due = None;
                    service.step(event, at);
                }),
                Due::Reveal(id) => self.on_event(&id, Self::reveal),
            }
        }
        let kept_for = TimeDelta::from_std(self.settings.events_kept_for).unwrap_or(TimeDelta::MAX);
        while let Some((at, id)) = self.agenda.finished.front()
            && now > later(*at, kept_for)
        {
            self.events.remove(id);
            self.agenda.finished.pop_front();
        }
    }

    /// Does something with an event, if there is one of this id.
    pub(super) fn on_event(&mut self, id: &EventId, act: impl FnOnce(&mut Self, &mut Event)) {
        if let Some(mut event) = self.events.remove(id) {
            act(self, &mut event);
            self.events.insert(event.id.clone(), event);
        }
    }
}

/// `at + by`, stopping at the end of the calendar.
pub(super) fn later(at: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(by).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
