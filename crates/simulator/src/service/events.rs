//! Events over time: the schedule of their steps, and the work of a step.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use super::state::Service;
use crate::apple::{Assignment, Change, ErrorNumber, EventId, EventKind, EventStatus, Holder, LocationUid};
use crate::model::{Event, Failures, Location, Task, WantedUser, Work};
use crate::settings::{EventDelay, EventPlan, after, later};

/// Something that happens at a time.
#[derive(Clone, Debug)]
enum Scheduled {
    /// An event does its next step.
    Step(EventId),
    /// The changes of a finished event are shown.
    Reveal(EventId),
}

/// Everything that will happen, by time. Things of the same time happen in the order in which they were entered.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    entries: BTreeMap<(DateTime<Utc>, u64), Scheduled>,
    entered: u64,
    /// Events in the order in which they were finished.
    finished: VecDeque<(DateTime<Utc>, EventId)>,
}

impl Schedule {
    fn enter(&mut self, at: DateTime<Utc>, what: Scheduled) -> (DateTime<Utc>, u64) {
        self.entered = self.entered.saturating_add(1);
        self.entries.insert((at, self.entered), what);
        (at, self.entered)
    }
}

/// The assignments and users that a stretch of work touched.
#[derive(Default)]
struct Touched {
    shown: Vec<Assignment>,
    given: Vec<Assignment>,
    users: Vec<usize>,
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
            scheduled: None,
            hidden: Vec::new(),
            outcomes: Vec::new(),
        };
        self.plan_step(&mut event, now);
        self.events.insert(id.clone(), event);
        id
    }

    /// Schedules the next step of an event where its plan has it, but not before a time.
    fn plan_step(&mut self, event: &mut Event, not_before: DateTime<Utc>) {
        let EventDelay::After(delay) = event.plan.delay else { return };
        let whole = TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX);
        let steps = event.plan.steps.get();
        let part = if event.step >= steps {
            whole
        } else {
            // In 128 bits, because the longest delay times a step does not fit into 64.
            let milliseconds =
                i128::from(whole.num_milliseconds()) * i128::from(event.step) / i128::from(steps);
            TimeDelta::milliseconds(i64::try_from(milliseconds).unwrap_or(i64::MAX / 2))
        };
        self.schedule_step(event, later(event.accepted_at, part).max(not_before));
    }

    /// Schedules the next step of an event at a time, and nowhere else.
    pub(crate) fn schedule_step(&mut self, event: &mut Event, at: DateTime<Utc>) {
        self.hold(event);
        event.scheduled = Some(self.schedule.enter(at, Scheduled::Step(event.id.clone())));
    }

    /// Takes an event out of the schedule.
    pub(crate) fn hold(&mut self, event: &mut Event) {
        if let Some(key) = event.scheduled.take() {
            self.schedule.entries.remove(&key);
        }
    }

    /// Catches up with the service's own clock, and answers its time.
    pub(crate) fn catch_up_with_clock(&mut self) -> DateTime<Utc> {
        let now = self.clock.now();
        self.catch_up(now);
        now
    }

    /// Lets everything happen whose time has come, in the order of its time.
    pub(crate) fn catch_up(&mut self, now: DateTime<Utc>) {
        while let Some(entry) = self.schedule.entries.first_entry().filter(|entry| entry.key().0 <= now) {
            let ((at, _), scheduled) = entry.remove_entry();
            match scheduled {
                Scheduled::Step(id) => self.on_event(&id, |service, event| {
                    event.scheduled = None;
                    service.step(event, at);
                }),
                Scheduled::Reveal(id) => self.on_event(&id, Self::reveal),
            }
        }
        while let Some((at, id)) = self.schedule.finished.front()
            && now > after(*at, self.settings.events_kept_for)
        {
            self.events.remove(id);
            self.schedule.finished.pop_front();
        }
    }

    /// Does something with an event, if there is one of this id.
    pub(crate) fn on_event(&mut self, id: &EventId, act: impl FnOnce(&mut Self, &mut Event)) {
        if let Some(mut event) = self.events.remove(id) {
            act(self, &mut event);
            self.events.insert(event.id.clone(), event);
        }
    }

    /// Does the next step of an event, and schedules the one after it.
    fn step(&mut self, event: &mut Event, at: DateTime<Utc>) {
        let share = event.step;
        let last = share >= event.plan.steps.get();
        self.work(event, at, if last { None } else { Some(share) });
        event.step = event.step.saturating_add(1);
        if last {
            self.finish(event, at);
        } else {
            self.plan_step(event, at);
        }
    }

    /// Does all that is left of an event.
    pub(crate) fn complete(&mut self, event: &mut Event, at: DateTime<Utc>) {
        self.hold(event);
        self.work(event, at, None);
        self.finish(event, at);
    }

    /// Does tasks up to a share of the steps, or all.
    fn work(&mut self, event: &mut Event, at: DateTime<Utc>, share: Option<u32>) {
        let Some(location) = self.locations.get(&event.location) else { return };
        event.work.begin(location);
        // Counted again, because a revocation knows its tasks only once it has begun.
        let all = event.work.len(location);
        event.requested = all;
        let steps = u64::from(event.plan.steps.get());
        let until = share.map_or(all, |share| part(all, u64::from(share), steps));
        let mut touched = Touched::default();
        while event.next_task < until
            && let Some(task) = event.work.task(event.next_task)
        {
            let failed = self.attempt(event, &task, &mut touched).err();
            event.record(task, failed);
            event.next_task = event.next_task.saturating_add(1);
        }
        self.new_versions(event, touched, at);
    }

    /// Tries one task. Changes are made in truth; those to be shown at once go into `touched`.
    fn attempt(&mut self, event: &mut Event, task: &Task, touched: &mut Touched) -> Result<(), ErrorNumber> {
        let holder = match task {
            Task::Assignment(assignment) => assignment.holder.clone(),
            Task::User(user) => Holder::User(user.id.clone()),
        };
        if let Some(number) = event.plan.fails(&holder) {
            return Err(number);
        }
        if event.plan.drops(&holder) {
            return Ok(());
        }
        match task {
            Task::Assignment(assignment) => {
                let location = self.locations.get_mut(&event.location).ok_or(ErrorNumber::INTERNAL)?;
                let change = if event.kind == EventKind::Associate {
                    location.giving(assignment)?
                } else {
                    location.taking(assignment)?
                };
                change.into_iter().for_each(|change| apply(location, event, change, touched));
                Ok(())
            }
            Task::User(user) => self.attempt_user(event, user, touched),
        }
    }

    fn attempt_user(
        &mut self,
        event: &mut Event,
        user: &WantedUser,
        touched: &mut Touched,
    ) -> Result<(), ErrorNumber> {
        let invite_code = self.next_invite_code();
        let known = user.managed_apple_id.as_ref().is_none_or(|id| self.knows_account(&event.location, id));
        let location = self.locations.get_mut(&event.location).ok_or(ErrorNumber::INTERNAL)?;
        let row = match event.kind {
            EventKind::RetireUsers => {
                for assignment in location.revocable_of(&Holder::User(user.id.clone())) {
                    apply(location, event, Change { assignment, held: false }, touched);
                }
                location.users.retire(&user.id)
            }
            EventKind::CreateUsers if location.users.active(&user.id).is_some() => {
                return Err(ErrorNumber::USER_EXISTS);
            }
            _ if !known => return Err(ErrorNumber::ACCOUNT_REFUSED),
            EventKind::CreateUsers => Some(location.users.create(user, invite_code)?),
            _ => Some(location.users.update(user)?),
        };
        touched.users.extend(row);
        Ok(())
    }

    fn new_versions(&mut self, event: &Event, touched: Touched, at: DateTime<Utc>) {
        let (most, lag) = (self.settings.changes_kept, self.settings.device_lag);
        let (assignments, users) = (self.next_version(), self.next_version());
        let Some(location) = self.locations.get_mut(&event.location) else { return };
        if !touched.given.is_empty() && !lag.is_zero() {
            location.on_devices.retain(|_, from| *from > at);
            location.on_devices.extend(touched.given.into_iter().map(|given| (given, after(at, lag))));
        }
        if !touched.shown.is_empty() {
            location.assignments_changed(assignments, touched.shown, most);
        }
        if !touched.users.is_empty() {
            location.users.history.record(users, touched.users, most);
        }
    }

    fn finish(&mut self, event: &mut Event, at: DateTime<Utc>) {
        event.status = if event.failures.is_empty() { EventStatus::Complete } else { EventStatus::Failed };
        self.notify_event(event, at);
        self.schedule.finished.push_back((at, event.id.clone()));
        if !event.hidden.is_empty() {
            let shown_at = after(at, event.plan.visible_after);
            self.schedule.enter(shown_at, Scheduled::Reveal(event.id.clone()));
        }
    }

    /// Shows what a finished event changed.
    fn reveal(&mut self, event: &mut Event) {
        let (version, most) = (self.next_version(), self.settings.changes_kept);
        let hidden = std::mem::take(&mut event.hidden);
        let Some(location) = self.locations.get_mut(&event.location) else { return };
        hidden.iter().for_each(|change| location.reveal(change));
        location.assignments_changed(version, hidden.into_iter().map(|change| change.assignment), most);
    }
}

fn apply(location: &mut Location, event: &mut Event, change: Change, touched: &mut Touched) {
    if change.held {
        touched.given.push(change.assignment.clone());
    }
    if event.plan.visible_after.is_zero() {
        location.change_shown(&change);
        touched.shown.push(change.assignment);
    } else {
        location.change_hidden(&change);
        event.hidden.push(change);
    }
}

/// `all * share / steps`, rounded down.
fn part(all: usize, share: u64, steps: u64) -> usize {
    let all = u64::try_from(all).unwrap_or(u64::MAX);
    usize::try_from(all.saturating_mul(share).checked_div(steps).unwrap_or(all)).unwrap_or(usize::MAX)
}
