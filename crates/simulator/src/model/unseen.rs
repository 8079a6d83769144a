//! Assignments that have changed and are not shown so yet.

use std::collections::HashMap;

use super::holder::{Assignment, Change};

/// What is true already, for assignments whose change waits to be shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unseen(HashMap<Assignment, Ahead>);

#[derive(Clone, Copy, Debug)]
struct Ahead {
    held: bool,
    /// How many changes of this assignment wait.
    waiting: usize,
}

impl Unseen {
    /// Whether all that is true is shown.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an assignment is there; `None` when what is shown is also true.
    pub(crate) fn says(&self, assignment: &Assignment) -> Option<bool> {
        if self.0.is_empty() { None } else { self.0.get(assignment).map(|ahead| ahead.held) }
    }

    /// What is there in truth of all that waits.
    pub(crate) fn held(&self) -> impl Iterator<Item = &Assignment> {
        self.0.iter().filter(|(_, ahead)| ahead.held).map(|(assignment, _)| assignment)
    }

    pub(crate) fn add(&mut self, change: &Change) {
        let ahead = self.0.entry(change.assignment.clone()).or_insert(Ahead { held: false, waiting: 0 });
        ahead.held = change.held;
        ahead.waiting = ahead.waiting.saturating_add(1);
    }

    /// Ends the waiting of one change and says what is to be shown: the truth, when no other change waits.
    pub(crate) fn end(&mut self, change: &Change) -> bool {
        let Some(ahead) = self.0.get_mut(&change.assignment) else { return change.held };
        ahead.waiting = ahead.waiting.saturating_sub(1);
        if ahead.waiting > 0 {
            return change.held;
        }
        self.0.remove(&change.assignment).map_or(change.held, |ahead| ahead.held)
    }

    /// Keeps the truth when an assignment was changed for all to see while other changes of it wait.
    pub(crate) fn settle(&mut self, change: &Change) {
        if let Some(ahead) = self.0.get_mut(&change.assignment) {
            ahead.held = change.held;
        }
    }
}
