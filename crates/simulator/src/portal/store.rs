//! The store: what is sold, where, and for how long.

use super::error::PortalError;
use crate::model::{AdamId, Country, StoreListing};
use crate::simulator::Simulator;

impl Simulator {
    /// Puts an app or book into the store, replacing one with the same id. What locations own of it stays.
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

    /// Sells an app in one country less: its store does not know it any more, not even for owners.
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

    /// Stops selling an app, or sells it again. One no longer sold is shown to owners only, by their token.
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
