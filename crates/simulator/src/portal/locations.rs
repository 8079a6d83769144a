//! Locations, content tokens and the store: creating and changing them.

use super::error::{PortalError, location};
use crate::apple::{AdamId, ContentManager, Country, LocationUid, StoreListing, TokenId};
use crate::model::{Claim, DownloadedToken, Location, NewLocation, NotificationSettings, TokenDownload};
use crate::simulator::Simulator;

/// Locations. Each method answers [`PortalError::UnknownLocation`] for a location that does not exist.
#[expect(clippy::missing_errors_doc, reason = "documented once for all methods")]
impl Simulator {
    /// Creates a location that owns nothing.
    pub fn create_location(&self, new: NewLocation) -> LocationUid {
        self.lock().add_location(new)
    }

    /// Gives a location another name.
    pub fn rename_location(&self, uid: &LocationUid, name: impl Into<String>) -> Result<(), PortalError> {
        self.change_location(uid, |location| location.name = name.into())
    }

    /// Moves a location to another country's store.
    pub fn set_country(&self, uid: &LocationUid, country: impl Into<Country>) -> Result<(), PortalError> {
        self.change_location(uid, |location| location.country = country.into())
    }

    /// Claims a location for another MDM that has a token of it, without a request to this service.
    pub fn claim_by_other(&self, uid: &LocationUid, claim: Claim) -> Result<(), PortalError> {
        self.change_location(uid, |location| location.claim = Some(claim))
    }

    /// Removes the claim of any MDM.
    pub fn remove_claim(&self, uid: &LocationUid) -> Result<(), PortalError> {
        self.change_location(uid, |location| location.claim = None)
    }

    /// The claim of a location.
    pub fn claim(&self, uid: &LocationUid) -> Result<Option<Claim>, PortalError> {
        Ok(location(&mut self.lock(), uid)?.claim.clone())
    }

    /// The address, token and kinds of a location's notifications.
    pub fn notification_settings(&self, uid: &LocationUid) -> Result<NotificationSettings, PortalError> {
        Ok(location(&mut self.lock(), uid)?.notifications.clone())
    }

    fn change_location(
        &self,
        uid: &LocationUid,
        change: impl FnOnce(&mut Location),
    ) -> Result<(), PortalError> {
        location(&mut self.lock(), uid).map(change)
    }

    /// Marks all tokens of a location as of the kind used before there were locations (9647), or removes the mark.
    pub fn set_legacy_tokens(&self, uid: &LocationUid, legacy: bool) -> Result<(), PortalError> {
        self.change_location(uid, |location| location.legacy_tokens = legacy)
    }

    /// Marks a location as managed by Apple's own device management, so that writes fail with 9645, or removes the
    /// mark.
    pub fn set_managed_by_apple(&self, uid: &LocationUid, managed: bool) -> Result<(), PortalError> {
        self.change_location(uid, |location| location.managed_by_apple = managed)
    }
}

/// Content tokens.
impl Simulator {
    /// Downloads a token. Tokens downloaded before stay valid (assumption; Apple documents that two tokens of one
    /// location can exist).
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn download_token(
        &self,
        uid: &LocationUid,
        download: TokenDownload,
    ) -> Result<DownloadedToken, PortalError> {
        self.lock().download(uid, download).ok_or_else(|| PortalError::UnknownLocation(uid.clone()))
    }

    /// Downloads a token by default values: another year, another secret, the same location. The old one stays valid.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn renew_token(&self, uid: &LocationUid) -> Result<DownloadedToken, PortalError> {
        self.download_token(uid, TokenDownload::usual())
    }

    /// Revokes one token: 9625 from now on.
    ///
    /// # Errors
    /// [`PortalError::UnknownToken`].
    pub fn revoke_token(&self, id: TokenId) -> Result<(), PortalError> {
        let mut service = self.lock();
        let token = service.tokens.values_mut().find(|token| token.id == id);
        token.ok_or(PortalError::UnknownToken(id))?.revoked = true;
        Ok(())
    }

    /// Changes a person's password: every token that the person downloaded so far is dead, with 9625. Their death is
    /// Apple's documentation; the number is an assumption. Answers how many died.
    pub fn change_password(&self, of: &ContentManager) -> usize {
        let mut service = self.lock();
        let alive = service.tokens.values_mut().filter(|token| token.downloaded_by == *of && !token.revoked);
        alive.map(|token| token.revoked = true).count()
    }

    /// The person that downloads a location's tokens unless a download names another.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`].
    pub fn content_manager(&self, uid: &LocationUid) -> Result<ContentManager, PortalError> {
        Ok(location(&mut self.lock(), uid)?.content_manager.clone())
    }
}

/// The store.
impl Simulator {
    /// Puts an app or book into the store, replacing one with the same id. Locations keep their assets of it.
    pub fn list(&self, listing: StoreListing) {
        self.lock().listings.insert(listing.adam_id, listing);
    }

    /// The listing of an app or book.
    pub fn listing(&self, adam_id: AdamId) -> Option<StoreListing> {
        self.lock().listings.get(&adam_id).cloned()
    }

    /// Sells an app in one more country.
    ///
    /// # Errors
    /// [`PortalError::NotListed`].
    pub fn put_into_storefront(
        &self,
        adam_id: AdamId,
        country: impl Into<Country>,
    ) -> Result<(), PortalError> {
        self.change_listing(adam_id, |listing| {
            listing.storefronts.insert(country.into());
        })
    }

    /// Stops selling an app in one country, whose store then does not show it even to owners.
    ///
    /// # Errors
    /// [`PortalError::NotListed`].
    pub fn take_out_of_storefront(
        &self,
        adam_id: AdamId,
        country: impl Into<Country>,
    ) -> Result<(), PortalError> {
        self.change_listing(adam_id, |listing| {
            listing.storefronts.remove(&country.into());
        })
    }

    /// Stops selling an app, or sells it again. An app no longer sold is shown to owners only, by their token.
    ///
    /// # Errors
    /// [`PortalError::NotListed`].
    pub fn set_on_sale(&self, adam_id: AdamId, on_sale: bool) -> Result<(), PortalError> {
        self.change_listing(adam_id, |listing| listing.on_sale = on_sale)
    }

    fn change_listing(
        &self,
        adam_id: AdamId,
        change: impl FnOnce(&mut StoreListing),
    ) -> Result<(), PortalError> {
        let mut service = self.lock();
        change(service.listings.get_mut(&adam_id).ok_or(PortalError::NotListed(adam_id))?);
        Ok(())
    }
}
