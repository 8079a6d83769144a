//! People: accounts that an organization manages, and users who accept their invitation.

use super::error::PortalError;
use crate::door::shown;
use crate::error_number::ErrorNumber;
use crate::model::{ClientUserId, LocationUid};
use crate::simulator::Simulator;

impl Simulator {
    /// Makes a Managed Apple Account known to the organization of a location, such as `ada@example.org`; or, without
    /// `@`, all accounts of a domain.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn add_managed_account(&self, uid: &LocationUid, account_or_domain: &str) -> Result<(), PortalError> {
        let mut service = self.lock();
        let organization = service.location_mut(uid)?.org_name.clone();
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
        let location = service.location_mut(uid)?;
        let invited = location.users.active(user).and_then(|row| location.users.row(row));
        // Apple's sample carries the code that was used up, too.
        let invite_code = invited.and_then(|user| user.invite_code.clone());
        let rows = location.users.accept(user, account).map_err(|number| {
            if number == ErrorNumber::ACCOUNT_TAKEN {
                PortalError::AccountTaken(account.to_owned())
            } else {
                PortalError::UnknownUser(user.clone())
            }
        })?;
        let invitation = rows.first().copied().and_then(|row| location.users.row(row)).map(shown);
        location.users.history.record(version, rows, most);
        if let Some(mut user) = invitation {
            user.invite_code = invite_code;
            service.notify_associated(uid, user);
        }
        Ok(())
    }
}
