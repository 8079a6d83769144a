//! One event: what was asked, how far it has come, what failed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::failures::Failures;
use super::work::{Task, Work};
use crate::error_number::ErrorNumber;
use crate::model::{Change, EventId, EventPlan, LocationUid};

/// What an event does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// Gives assets to users or devices.
    Associate,
    /// Takes assets from users or devices.
    Disassociate,
    /// Takes all revocable assets from users or devices.
    Revoke,
    /// Makes users known.
    CreateUsers,
    /// Changes users.
    UpdateUsers,
    /// Gives users up, and takes their revocable assets.
    RetireUsers,
}

/// How far an event has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventStatus {
    /// Not finished.
    Pending,
    /// Finished; all tasks were done.
    Complete,
    /// Finished; at least one task failed, the others were done.
    Failed,
}

/// What a tester sees of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventView {
    /// Apple's id of it.
    pub id: EventId,
    /// Where it happens.
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
    /// When it goes on by itself; `None` when it is finished, held or never to run.
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
    /// Its place in the agenda.
    pub(crate) due: Option<(DateTime<Utc>, u64)>,
    /// What it changed and does not show yet.
    pub(crate) hidden: Vec<Change>,
    /// What came of each task so far, for notifications. Empty once it is finished.
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
            next_step_at: self.due.map(|(at, _)| at).filter(|_| self.status == EventStatus::Pending),
        }
    }

    /// Notes what came of a task.
    pub(crate) fn note(&mut self, task: Task, failed: Option<ErrorNumber>) {
        match failed {
            Some(number) => self.failures.add(number, &task),
            None => self.completed = self.completed.saturating_add(1),
        }
        self.outcomes.push((task, failed));
    }
}
