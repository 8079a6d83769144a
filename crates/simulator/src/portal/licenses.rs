//! Seats: buying them and making them unlimited.

use super::error::PortalError;
use crate::model::{AssetKey, LocationUid, OwnedAsset, Seats, Service, UNLIMITED};
use crate::simulator::Simulator;

impl Service {
    /// Changes an asset, and with it the version of the location's assets.
    pub(super) fn change_asset(
        &mut self,
        uid: &LocationUid,
        key: AssetKey,
        change: impl FnOnce(&mut OwnedAsset) -> Result<(), PortalError>,
    ) -> Result<(), PortalError> {
        let version = self.next_version();
        let location = self.location_mut(uid)?;
        let not_owned = || PortalError::NotOwned { uid: uid.clone(), adam_id: key.adam_id };
        change(location.assets.get_mut(&key).ok_or_else(not_owned)?)?;
        location.version = version;
        Ok(())
    }
}

impl Simulator {
    /// Buys seats: they are added to the total and are available. A first purchase makes the location own the asset.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotListed`], [`PortalError::TooManySeats`],
    /// [`PortalError::Unlimited`].
    pub fn buy(&self, uid: &LocationUid, asset: impl Into<AssetKey>, seats: u32) -> Result<(), PortalError> {
        let key = asset.into();
        let mut service = self.lock();
        let listing = service.listings.get(&key.adam_id).ok_or(PortalError::NotListed(key.adam_id))?;
        let fresh = OwnedAsset::of(listing, Seats::Bought { total: 0 });
        let version = service.next_version();
        let location = service.location_mut(uid)?;
        let owned = location.assets.get(&key).unwrap_or(&fresh);
        let Seats::Bought { total } = owned.seats else { return Err(PortalError::Unlimited(key.adam_id)) };
        let total = total.saturating_add(i64::from(seats));
        if total >= UNLIMITED {
            return Err(PortalError::TooManySeats(key.adam_id));
        }
        location.assets.entry(key).or_insert(fresh).seats = Seats::Bought { total };
        location.version = version;
        service.notify_count(uid, key, i64::from(seats));
        Ok(())
    }

    /// Makes an asset that the location owns unlimited.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotOwned`].
    pub fn make_unlimited(&self, uid: &LocationUid, asset: impl Into<AssetKey>) -> Result<(), PortalError> {
        self.lock().change_asset(uid, asset.into(), |asset| {
            asset.seats = Seats::Unlimited;
            Ok(())
        })
    }

    /// Sets how many seats are assigned to holders that the simulator does not know one by one, as if another product
    /// had assigned them before.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotOwned`], [`PortalError::MoreAssignedThanOwned`].
    ///
    /// [`Simulator::assign`] does so one by one.
    pub fn set_assigned(
        &self,
        uid: &LocationUid,
        asset: impl Into<AssetKey>,
        seats: u32,
    ) -> Result<(), PortalError> {
        let key = asset.into();
        self.lock().change_asset(uid, key, |asset| {
            let seats = i64::from(seats);
            if !asset.is_unlimited() && seats.saturating_sub(asset.elsewhere) > asset.free() {
                return Err(PortalError::MoreAssignedThanOwned(key.adam_id));
            }
            asset.elsewhere = seats;
            Ok(())
        })
    }
}
