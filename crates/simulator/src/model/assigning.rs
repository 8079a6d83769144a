//! What is true of a location's assignments, what is shown of them, and how both change.

use super::holder::{Assignment, Change, Holder};
use super::ids::VersionId;
use super::location::Location;
use crate::error_number::ErrorNumber;

impl Location {
    /// Whether an assignment is there, shown or not.
    pub(crate) fn holds(&self, assignment: &Assignment) -> bool {
        self.unseen.says(assignment).unwrap_or_else(|| self.shows(assignment))
    }

    /// All assignments that are there, shown or not, in the order of assets and holders.
    pub(crate) fn all_held(&self) -> Vec<Assignment> {
        let shown = self.assets.iter().flat_map(|(key, asset)| {
            asset.holders.entries().iter().map(|holder| Assignment { asset: *key, holder: holder.clone() })
        });
        let mut all: Vec<_> = shown.filter(|assignment| self.holds(assignment)).collect();
        all.extend(self.unseen.held().filter(|assignment| !self.shows(assignment)).cloned());
        all.sort_unstable();
        all
    }

    fn shows(&self, assignment: &Assignment) -> bool {
        self.assets.get(&assignment.asset).is_some_and(|asset| asset.holders.contains(&assignment.holder))
    }

    /// What a holder has and can lose.
    pub(crate) fn revocable_of(&self, holder: &Holder) -> Vec<Assignment> {
        let revocable = self.assets.iter().filter(|(_, asset)| asset.revocable());
        revocable
            .map(|(key, _)| Assignment { asset: *key, holder: holder.clone() })
            .filter(|assignment| self.holds(assignment))
            .collect()
    }

    /// What giving an asset to a holder changes; `None` when the holder has it.
    pub(crate) fn giving(&self, assignment: &Assignment) -> Result<Option<Change>, ErrorNumber> {
        if self.holds(assignment) {
            return Ok(None);
        }
        if let Holder::User(id) = &assignment.holder
            && self.users.active(id).is_none()
        {
            return Err(ErrorNumber::USER_NOT_FOUND);
        }
        let asset = self.assets.get(&assignment.asset).ok_or(ErrorNumber::INVALID_ARGUMENT)?;
        if asset.free() < 1 {
            return Err(ErrorNumber::NOT_ENOUGH_ASSETS);
        }
        Ok(Some(Change { assignment: assignment.clone(), held: true }))
    }

    /// What taking an asset from a holder changes; `None` when the holder does not have it.
    pub(crate) fn taking(&self, assignment: &Assignment) -> Result<Option<Change>, ErrorNumber> {
        if !self.holds(assignment) {
            return Ok(None);
        }
        if self.assets.get(&assignment.asset).is_some_and(|asset| !asset.revocable()) {
            return Err(ErrorNumber::NOT_REVOCABLE);
        }
        Ok(Some(Change { assignment: assignment.clone(), held: false }))
    }

    /// Changes an assignment for all to see. Whether it was another way before.
    pub(crate) fn change_seen(&mut self, change: &Change) -> bool {
        if self.unseen.is_empty() {
            return self.show(change);
        }
        let before = self.holds(&change.assignment);
        self.keeping_count(&change.assignment, |location| {
            location.unseen.settle(change);
            location.show(change);
        });
        before != change.held
    }

    /// Changes an assignment, and shows nothing of it yet.
    pub(crate) fn change_unseen(&mut self, change: &Change) {
        self.keeping_count(&change.assignment, |location| location.unseen.add(change));
    }

    /// Shows a change that waited.
    pub(crate) fn reveal(&mut self, change: &Change) {
        self.keeping_count(&change.assignment, |location| {
            let held = location.unseen.end(change);
            location.show(&Change { assignment: change.assignment.clone(), held });
        });
    }

    /// A new version of the assignments, and of the assets because their counts changed.
    pub(crate) fn assignments_changed(
        &mut self,
        version: VersionId,
        touched: impl IntoIterator<Item = Assignment>,
        most_kept: usize,
    ) {
        self.assignments.record(version, touched, most_kept);
        self.version = version;
    }

    fn show(&mut self, change: &Change) -> bool {
        let Some(asset) = self.assets.get_mut(&change.assignment.asset) else { return false };
        if change.held {
            asset.holders.add(change.assignment.holder.clone())
        } else {
            asset.holders.remove(&change.assignment.holder)
        }
    }

    /// Does something to one assignment and counts how far truth and show have come apart.
    fn keeping_count(&mut self, assignment: &Assignment, act: impl FnOnce(&mut Self)) {
        let ahead = |location: &Self| {
            i64::from(location.holds(assignment)).saturating_sub(i64::from(location.shows(assignment)))
        };
        let before = ahead(self);
        act(self);
        let change = ahead(self).saturating_sub(before);
        if let Some(asset) = self.assets.get_mut(&assignment.asset) {
            asset.unseen = asset.unseen.saturating_add(change);
        }
    }
}
