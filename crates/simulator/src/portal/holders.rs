//! Holders: assignments made without the service's endpoints, what devices see of them, and users' accounts.

use super::error::{PortalError, asset, location};
use crate::apple::{
    AssetKey, Assignment, Change, ClientUserId, ErrorNumber, Holder, LocationUid, SerialNumber,
};
use crate::model::User;
use crate::simulator::Simulator;

/// Assignments.
impl Simulator {
    /// Gives an asset to many holders at once, as another product with a token of the location would: without event, at
    /// once, for all to see. Users need not be known; unknown ones are not left out of a list without inactive users.
    /// Answers how many did not have it yet.
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
        // Collected before the lock is taken, because the iterator may use the handle.
        let assignments = holders.into_iter().map(|holder| Assignment { asset: key, holder });
        let assignments: Vec<_> = assignments.collect();
        let mut service = self.lock();
        let (version, most) = (service.next_version(), service.settings.changes_kept);
        let free = asset(&mut service, uid, key)?.free();
        let location = location(&mut service, uid)?;
        let mut changes: Vec<_> = assignments
            .into_iter()
            .filter(|assignment| location.holds(assignment) != held)
            .map(|assignment| Change { assignment, held })
            .collect();
        if held && i64::try_from(changes.len()).unwrap_or(i64::MAX) > free {
            return Err(PortalError::MoreAssignedThanOwned(key.adam_id));
        }
        // A holder that was named twice counts once.
        changes.retain(|change| location.change_shown(change));
        let count = changes.len();
        if count > 0 {
            let touched = changes.into_iter().map(|change| change.assignment);
            location.assignments_changed(version, touched, most);
        }
        Ok(count)
    }

    /// Whether a holder has an asset in truth, also when it is not shown yet.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn holds(
        &self,
        uid: &LocationUid,
        asset: impl Into<AssetKey>,
        holder: &Holder,
    ) -> Result<bool, PortalError> {
        Ok(location(&mut self.lock(), uid)?
            .holds(&Assignment { asset: asset.into(), holder: holder.clone() }))
    }

    /// All assignments of a location in truth, in the order of assets and holders. A client finds them once no change
    /// waits to be shown.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn assignments(&self, uid: &LocationUid) -> Result<Vec<Assignment>, PortalError> {
        Ok(location(&mut self.lock(), uid)?.all_held())
    }

    /// Licenses of an asset without a holder in truth.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotOwned`].
    pub fn free_licenses(&self, uid: &LocationUid, of: impl Into<AssetKey>) -> Result<i64, PortalError> {
        Ok(asset(&mut self.lock(), uid, of.into())?.free())
    }

    /// The error that a device meets when it asks for its license: 9610 without a license, and for a while after it was
    /// given, as [`Settings::device_lag`](crate::Settings::device_lag) says.
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
        let now = service.catch_up_with_clock();
        let location = location(&mut service, uid)?;
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
        let location = location(&mut service, uid)?;
        location.assignments.forget();
        location.users.history.forget();
        Ok(())
    }
}

/// Users.
impl Simulator {
    /// Makes a Managed Apple Account known to the organization of a location, such as `ada@example.org`; or, without
    /// `@`, all accounts of a domain.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn add_managed_account(&self, uid: &LocationUid, account_or_domain: &str) -> Result<(), PortalError> {
        let mut service = self.lock();
        let organization = location(&mut service, uid)?.org_name.clone();
        service.accounts.insert((organization, account_or_domain.to_lowercase()));
        Ok(())
    }

    /// Lets a user accept the invitation with an Apple Account.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::UnknownUser`], [`PortalError::AccountTaken`].
    pub fn accept_invitation(
        &self,
        uid: &LocationUid,
        user: &ClientUserId,
        account: &str,
    ) -> Result<(), PortalError> {
        let mut service = self.lock();
        let (version, most) = (service.next_version(), service.settings.changes_kept);
        let location = location(&mut service, uid)?;
        let invited = location.users.active(user).and_then(|row| location.users.row(row));
        // Apple's sample of the notification carries the code although it was used up.
        let invite_code = invited.and_then(|user| user.invite_code.clone());
        let rows = location.users.accept(user, account).map_err(|number| {
            if number == ErrorNumber::ACCOUNT_TAKEN {
                PortalError::AccountTaken(account.to_owned())
            } else {
                PortalError::UnknownUser(user.clone())
            }
        })?;
        let invitation = rows.first().copied().and_then(|row| location.users.row(row)).map(User::row);
        location.users.history.record(version, rows, most);
        if let Some(mut user) = invitation {
            user.invite_code = invite_code;
            service.notify_associated(uid, user);
        }
        Ok(())
    }
}
