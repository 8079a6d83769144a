//! Locations: making and changing them.

use super::error::PortalError;
use crate::model::{Claim, Country, Location, LocationUid, NewLocation, NotificationSettings, Service};
use crate::simulator::Simulator;

impl Service {
    pub(crate) fn location_mut(&mut self, uid: &LocationUid) -> Result<&mut Location, PortalError> {
        self.locations.get_mut(uid).ok_or_else(|| PortalError::UnknownLocation(uid.clone()))
    }
}

/// Locations in the portal. Each method answers [`PortalError::UnknownLocation`] for a location that does not exist.
#[expect(clippy::missing_errors_doc, reason = "said once for all methods")]
impl Simulator {
    /// Makes a location that owns nothing.
    pub fn create_location(&self, new: NewLocation) -> LocationUid {
        self.lock().add_location(new)
    }

    /// Gives a location another name.
    pub fn rename_location(&self, uid: &LocationUid, name: impl Into<String>) -> Result<(), PortalError> {
        self.lock().location_mut(uid)?.name = name.into();
        Ok(())
    }

    /// Moves a location to another country's store.
    pub fn set_country(&self, uid: &LocationUid, country: impl Into<Country>) -> Result<(), PortalError> {
        self.lock().location_mut(uid)?.country = country.into();
        Ok(())
    }

    /// Lets an MDM claim a location behind everybody's back, as a second MDM with the same token does.
    pub fn claim_by_other(&self, uid: &LocationUid, claim: Claim) -> Result<(), PortalError> {
        self.lock().location_mut(uid)?.claim = Some(claim);
        Ok(())
    }

    /// Removes the claim, whoever made it.
    pub fn remove_claim(&self, uid: &LocationUid) -> Result<(), PortalError> {
        self.lock().location_mut(uid)?.claim = None;
        Ok(())
    }

    /// The claim of a location.
    pub fn claim(&self, uid: &LocationUid) -> Result<Option<Claim>, PortalError> {
        Ok(self.lock().location_mut(uid)?.claim.clone())
    }

    /// Where a location's notifications would go.
    pub fn notification_settings(&self, uid: &LocationUid) -> Result<NotificationSettings, PortalError> {
        Ok(self.lock().location_mut(uid)?.notifications.clone())
    }

    /// Lets all tokens of a location be of the kind used before there were locations (9647), or no longer.
    pub fn set_legacy_tokens(&self, uid: &LocationUid, legacy: bool) -> Result<(), PortalError> {
        self.lock().location_mut(uid)?.legacy_tokens = legacy;
        Ok(())
    }

    /// Lets Apple's own device management manage a location, so that writes fail with 9645, or no longer.
    pub fn set_managed_by_apple(&self, uid: &LocationUid, managed: bool) -> Result<(), PortalError> {
        self.lock().location_mut(uid)?.managed_by_apple = managed;
        Ok(())
    }
}
