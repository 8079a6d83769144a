//! Events: work that the service accepts at once and does later, task by task.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::location::Location;
use super::users::WantedUser;
use crate::apple::{
    AssetKey, Assignment, Change, ClientUserId, ErrorNumber, EventId, EventKind, EventStatus, Holder,
    LocationUid, SerialNumber,
};
use crate::settings::EventPlan;

/// An event as a tester sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventView {
    /// Its id.
    pub id: EventId,
    /// The location of the token that asked for it.
    pub location: LocationUid,
    /// What it does.
    pub kind: EventKind,
    /// How far it has come.
    pub status: EventStatus,
    /// How many tasks it has.
    pub requested: usize,
    /// How many of them were done without failing.
    pub completed: usize,
    /// When it was accepted.
    pub accepted_at: DateTime<Utc>,
    /// When it goes on by itself; `None` when it is finished, held or planned never to run.
    pub next_step_at: Option<DateTime<Utc>>,
}

/// An event as the service keeps it.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) id: EventId,
    pub(crate) location: LocationUid,
    pub(crate) kind: EventKind,
    pub(crate) plan: EventPlan,
    pub(crate) work: Work,
    pub(crate) accepted_at: DateTime<Utc>,
    pub(crate) status: EventStatus,
    pub(crate) requested: usize,
    pub(crate) completed: usize,
    pub(crate) failures: Failures,
    /// The step to be done next, counted from 1.
    pub(crate) step: u32,
    /// The task to be done next.
    pub(crate) next_task: usize,
    /// Its place in the service's schedule.
    pub(crate) scheduled: Option<(DateTime<Utc>, u64)>,
    /// The changes that it made and does not show yet.
    pub(crate) hidden: Vec<Change>,
    /// The outcome of each task so far, for notifications. Empty once it is finished.
    pub(crate) outcomes: Vec<(Task, Option<ErrorNumber>)>,
}

impl Event {
    pub(crate) fn view(&self) -> EventView {
        EventView {
            id: self.id.clone(),
            location: self.location.clone(),
            kind: self.kind,
            status: self.status,
            requested: self.requested,
            completed: self.completed,
            accepted_at: self.accepted_at,
            next_step_at: self.scheduled.map(|(at, _)| at).filter(|_| self.status == EventStatus::Pending),
        }
    }

    /// Records the outcome of a task.
    pub(crate) fn record(&mut self, task: Task, failed: Option<ErrorNumber>) {
        match failed {
            Some(number) => self.failures.add(number, &task),
            None => self.completed = self.completed.saturating_add(1),
        }
        self.outcomes.push((task, failed));
    }
}

/// The tasks of an event. A product is not written out: it can have fifty thousand tasks.
#[derive(Debug)]
pub(crate) enum Work {
    /// Each asset with each holder.
    Product { assets: Vec<AssetKey>, holders: Vec<Holder> },
    /// All that these holders can lose; looked up when the event begins.
    Everything { holders: Vec<Holder> },
    /// These assignments.
    Assignments(Vec<Assignment>),
    /// These users.
    Users(Vec<WantedUser>),
}

/// One task.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    Assignment(Assignment),
    User(WantedUser),
}

impl Work {
    /// How many tasks there are.
    pub(crate) fn len(&self, location: &Location) -> usize {
        match self {
            Self::Product { assets, holders } => assets.len().saturating_mul(holders.len()),
            Self::Everything { holders } => {
                holders.iter().map(|holder| location.revocable_of(holder).len()).sum()
            }
            Self::Assignments(assignments) => assignments.len(),
            Self::Users(users) => users.len(),
        }
    }

    /// Looks up the assignments of a revocation; other work knows its tasks from the start.
    pub(crate) fn begin(&mut self, location: &Location) {
        if let Self::Everything { holders } = self {
            let all = holders.iter().flat_map(|holder| location.revocable_of(holder)).collect();
            *self = Self::Assignments(all);
        }
    }

    /// A task by its number: asset by asset, each with all holders.
    pub(crate) fn task(&self, number: usize) -> Option<Task> {
        match self {
            Self::Product { assets, holders } => {
                let asset = assets.get(number.checked_div(holders.len())?)?;
                let holder = holders.get(number.checked_rem(holders.len())?)?;
                Some(Task::Assignment(Assignment { asset: *asset, holder: holder.clone() }))
            }
            Self::Everything { .. } => None,
            Self::Assignments(assignments) => assignments.get(number).cloned().map(Task::Assignment),
            Self::Users(users) => users.get(number).cloned().map(Task::User),
        }
    }
}

/// The failed tasks of an event, by error number, as its status shows them.
#[derive(Debug, Default)]
pub(crate) struct Failures(BTreeMap<ErrorNumber, Concerned>);

/// The assets and holders that an error is about.
#[derive(Debug, Default)]
pub(crate) struct Concerned {
    pub(crate) assets: BTreeSet<AssetKey>,
    pub(crate) users: BTreeSet<ClientUserId>,
    pub(crate) devices: BTreeSet<SerialNumber>,
}

impl Failures {
    fn add(&mut self, number: ErrorNumber, task: &Task) {
        let concerned = self.0.entry(number).or_default();
        match task {
            Task::Assignment(assignment) => {
                concerned.assets.insert(assignment.asset);
                match &assignment.holder {
                    Holder::Device(serial_number) => concerned.devices.insert(serial_number.clone()),
                    Holder::User(id) => concerned.users.insert(id.clone()),
                };
            }
            Task::User(user) => {
                concerned.users.insert(user.id.clone());
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn by_number(&self) -> impl Iterator<Item = (ErrorNumber, &Concerned)> {
        self.0.iter().map(|(number, concerned)| (*number, concerned))
    }
}
