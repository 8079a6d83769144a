//! Failed tasks, grouped by error number as the status of an event shows them.

use std::collections::{BTreeMap, BTreeSet};

use super::work::Task;
use crate::error_number::ErrorNumber;
use crate::model::{AssetKey, ClientUserId, Holder, SerialNumber};

/// The failed tasks of an event.
#[derive(Debug, Default)]
pub(crate) struct Failures(BTreeMap<ErrorNumber, Concerned>);

/// What and whom an error is about.
#[derive(Debug, Default)]
pub(crate) struct Concerned {
    pub(crate) assets: BTreeSet<AssetKey>,
    pub(crate) users: BTreeSet<ClientUserId>,
    pub(crate) devices: BTreeSet<SerialNumber>,
}

impl Failures {
    pub(crate) fn add(&mut self, number: ErrorNumber, task: &Task) {
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
