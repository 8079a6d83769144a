//! Assignments that did not come through the service's front door, and what a device sees of them.

use super::error::PortalError;
use crate::error_number::ErrorNumber;
use crate::model::{AssetKey, Assignment, Change, Holder, LocationUid, SerialNumber};
use crate::simulator::Simulator;

impl Simulator {
    /// Gives an asset to many holders at once, as another product with a token of the location would: without event, at
    /// once, for all to see. Users need not be known; such ones are not
    /// left out of a list without inactive users. Answers how many did not have it yet.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotOwned`], and [`PortalError::MoreAssignedThanOwned`], with
    /// which nothing is given.
    pub fn assign(
        &self,
        uid: &LocationUid,
        asset: impl Into<AssetKey>,
        holders: impl IntoIterator<Item = Holder>,
    ) -> Result<usize, PortalError> {
        self.change_directly(uid, asset.into(), holders, true)
    }

    /// Takes an asset from many holders at once, as another product would, books too. Answers how many had it.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotOwned`].
    pub fn unassign(
        &self,
        uid: &LocationUid,
        asset: impl Into<AssetKey>,
        holders: impl IntoIterator<Item = Holder>,
    ) -> Result<usize, PortalError> {
        self.change_directly(uid, asset.into(), holders, false)
    }

    fn change_directly(
        &self,
        uid: &LocationUid,
        key: AssetKey,
        holders: impl IntoIterator<Item = Holder>,
        held: bool,
    ) -> Result<usize, PortalError> {
        // The holders are made without the lock, which their maker may want.
        let assignments = holders.into_iter().map(|holder| Assignment { asset: key, holder });
        let assignments: Vec<_> = assignments.collect();
        let mut service = self.lock();
        let (version, most) = (service.next_version(), service.settings.changes_kept);
        let location = service.location_mut(uid)?;
        let not_owned = || PortalError::NotOwned { uid: uid.clone(), adam_id: key.adam_id };
        let free = location.assets.get(&key).ok_or_else(not_owned)?.free();
        let mut changes: Vec<_> = assignments
            .into_iter()
            .filter(|assignment| location.holds(assignment) != held)
            .map(|assignment| Change { assignment, held })
            .collect();
        if held && i64::try_from(changes.len()).unwrap_or(i64::MAX) > free {
            return Err(PortalError::MoreAssignedThanOwned(key.adam_id));
        }
        // One that was named twice counts once.
        changes.retain(|change| location.change_seen(change));
        let count = changes.len();
        if count > 0 {
            let touched = changes.into_iter().map(|change| change.assignment);
            location.assignments_changed(version, touched, most);
        }
        Ok(count)
    }

    /// Whether somebody holds an asset in truth, also when it is not shown yet.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn holds(
        &self,
        uid: &LocationUid,
        asset: impl Into<AssetKey>,
        holder: &Holder,
    ) -> Result<bool, PortalError> {
        Ok(self.lock().location_mut(uid)?.holds(&Assignment { asset: asset.into(), holder: holder.clone() }))
    }

    /// All assignments of a location in truth, in the order of assets and holders: what a client should find once nothing
    /// waits to be shown.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn assignments(&self, uid: &LocationUid) -> Result<Vec<Assignment>, PortalError> {
        Ok(self.lock().location_mut(uid)?.all_held())
    }

    /// Licenses of an asset that nobody holds in truth.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotOwned`].
    pub fn free_licenses(&self, uid: &LocationUid, asset: impl Into<AssetKey>) -> Result<i64, PortalError> {
        let key = asset.into();
        let mut service = self.lock();
        let location = service.location_mut(uid)?;
        let not_owned = || PortalError::NotOwned { uid: uid.clone(), adam_id: key.adam_id };
        Ok(location.assets.get(&key).ok_or_else(not_owned)?.free())
    }

    /// What a device meets that asks for its license: nothing in the way, or 9610 without a license and as long as the
    /// settings say after it was given.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn license_on_device(
        &self,
        uid: &LocationUid,
        asset: impl Into<AssetKey>,
        serial_number: &SerialNumber,
    ) -> Result<Option<ErrorNumber>, PortalError> {
        let mut service = self.lock();
        let now = service.clock.now();
        service.catch_up(now);
        let location = service.location_mut(uid)?;
        let asked = Assignment { asset: asset.into(), holder: Holder::Device(serial_number.clone()) };
        let arrived = location.on_devices.get(&asked).is_none_or(|from| *from <= now);
        Ok((!arrived || !location.holds(&asked)).then_some(ErrorNumber::LICENSE_NOT_FOUND))
    }

    /// Forgets all versions of a location's lists but the current ones: deltas since them are 9721 from now on.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn forget_versions(&self, uid: &LocationUid) -> Result<(), PortalError> {
        let mut service = self.lock();
        let location = service.location_mut(uid)?;
        location.assignments.forget();
        location.users.history.forget();
        Ok(())
    }
}
