//! What an event has to do: its tasks, numbered.

use crate::model::{AssetKey, Assignment, Holder, Location, WantedUser};

/// The tasks of an event. A product is not written out: it can have fifty thousand tasks.
#[derive(Debug)]
pub(crate) enum Work {
    /// Each asset with each holder.
    Product { assets: Vec<AssetKey>, holders: Vec<Holder> },
    /// Whatever these holders can lose; looked up when the event begins.
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

    /// Looks up what is still to be looked up.
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
