//! Events doing their tasks.

use chrono::{DateTime, TimeDelta, Utc};

use super::agenda::later;
use super::event::{Event, EventKind, EventStatus};
use super::work::Task;
use crate::error_number::ErrorNumber;
use crate::model::{Assignment, Change, Holder, Location, Service, WantedUser};

impl Service {
    /// Does the next step of an event, and enters the one after it.
    pub(super) fn step(&mut self, event: &mut Event, at: DateTime<Utc>) {
        let last = event.step >= event.plan.steps.get();
        let share = event.step;
        self.work(event, at, if last { None } else { Some(share) });
        event.step = event.step.saturating_add(1);
        if last {
            self.finish(event, at);
        } else {
            self.schedule(event, at);
        }
    }

    /// Does all that is left of an event.
    pub(super) fn complete(&mut self, event: &mut Event, at: DateTime<Utc>) {
        self.hold(event);
        self.work(event, at, None);
        self.finish(event, at);
    }

    /// Does tasks up to a share of the steps, or all.
    fn work(&mut self, event: &mut Event, at: DateTime<Utc>, share: Option<u32>) {
        let Some(location) = self.locations.get(&event.location) else { return };
        event.work.begin(location);
        let all = event.work.len(location);
        event.requested = all;
        let steps = u64::from(event.plan.steps.get());
        let until = share.map_or(all, |share| part(all, u64::from(share), steps));
        let mut touched = Touched::default();
        while event.next_task < until
            && let Some(task) = event.work.task(event.next_task)
        {
            let failed = self.attempt(event, &task, &mut touched).err();
            event.note(task, failed);
            event.next_task = event.next_task.saturating_add(1);
        }
        self.new_versions(event, touched, at);
    }

    /// Tries one task. What changes is changed in truth; what is shown at once goes into `touched`.
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
        let most = self.settings.changes_kept;
        let lag = TimeDelta::from_std(self.settings.device_lag).unwrap_or(TimeDelta::MAX);
        let (assignments, users) = (self.next_version(), self.next_version());
        let Some(location) = self.locations.get_mut(&event.location) else { return };
        if !touched.given.is_empty() && !lag.is_zero() {
            location.on_devices.retain(|_, from| *from > at);
            location.on_devices.extend(touched.given.into_iter().map(|given| (given, later(at, lag))));
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
        self.agenda.finished.push_back((at, event.id.clone()));
        if !event.hidden.is_empty() {
            let lag = TimeDelta::from_std(event.plan.visible_after).unwrap_or(TimeDelta::MAX);
            self.agenda.reveal_at(later(at, lag), event.id.clone());
        }
    }

    /// Shows what a finished event changed.
    pub(super) fn reveal(&mut self, event: &mut Event) {
        let (version, most) = (self.next_version(), self.settings.changes_kept);
        let hidden = std::mem::take(&mut event.hidden);
        let Some(location) = self.locations.get_mut(&event.location) else { return };
        hidden.iter().for_each(|change| location.reveal(change));
        location.assignments_changed(version, hidden.into_iter().map(|change| change.assignment), most);
    }
}

/// What a stretch of work touched.
#[derive(Default)]
struct Touched {
    shown: Vec<Assignment>,
    given: Vec<Assignment>,
    users: Vec<usize>,
}

fn apply(location: &mut Location, event: &mut Event, change: Change, touched: &mut Touched) {
    if change.held {
        touched.given.push(change.assignment.clone());
    }
    if event.plan.visible_after.is_zero() {
        location.change_seen(&change);
        touched.shown.push(change.assignment);
    } else {
        location.change_unseen(&change);
        event.hidden.push(change);
    }
}

/// `all * share / steps`, rounded down.
fn part(all: usize, share: u64, steps: u64) -> usize {
    let all = u64::try_from(all).unwrap_or(u64::MAX);
    usize::try_from(all.saturating_mul(share).checked_div(steps).unwrap_or(all)).unwrap_or(usize::MAX)
}
