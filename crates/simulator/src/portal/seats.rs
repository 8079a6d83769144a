//! Seats: buying them, giving them back, moving them to another location.

use super::error::{PortalError, asset, location};
use crate::apple::{AdamId, AssetKey, LocationUid, UNLIMITED};
use crate::model::{OwnedAsset, Seats};
use crate::service::Service;
use crate::simulator::Simulator;

/// The most seats that the portal moves at a time (Apple's documentation).
const MOST_MOVED: u32 = 24_999;

/// Changes an asset, and with it the version of the location's assets.
fn change_asset(
    service: &mut Service,
    uid: &LocationUid,
    key: AssetKey,
    change: impl FnOnce(&mut OwnedAsset) -> Result<(), PortalError>,
) -> Result<(), PortalError> {
    let version = service.next_version();
    change(asset(service, uid, key)?)?;
    location(service, uid)?.version = version;
    Ok(())
}

/// The total of an asset with some seats more.
fn with_more(seats: Seats, more: u32, adam_id: AdamId) -> Result<Seats, PortalError> {
    let Seats::Bought { total } = seats else { return Err(PortalError::Unlimited(adam_id)) };
    match total.saturating_add(i64::from(more)) {
        UNLIMITED.. => Err(PortalError::TooManySeats(adam_id)),
        total => Ok(Seats::Bought { total }),
    }
}

/// Adds seats to an asset, which the location owns from now on, and notifies of them.
fn add_seats(
    service: &mut Service,
    uid: &LocationUid,
    key: AssetKey,
    fresh: OwnedAsset,
    more: u32,
) -> Result<(), PortalError> {
    let version = service.next_version();
    let location = location(service, uid)?;
    let seats = with_more(location.assets.get(&key).unwrap_or(&fresh).seats, more, key.adam_id)?;
    location.assets.entry(key).or_insert(fresh).seats = seats;
    location.version = version;
    service.notify_count(uid, key, i64::from(more));
    Ok(())
}

/// Takes free seats out of a location, and notifies of them.
fn withdraw(
    service: &mut Service,
    uid: &LocationUid,
    key: AssetKey,
    seats: u32,
    retired: bool,
) -> Result<(), PortalError> {
    let seats = i64::from(seats);
    change_asset(service, uid, key, |asset| {
        let Seats::Bought { total } = asset.seats else {
            return Err(PortalError::Unlimited(key.adam_id));
        };
        if asset.free() < seats {
            return Err(PortalError::NotEnoughFreeSeats { adam_id: key.adam_id, free: asset.free() });
        }
        asset.seats = Seats::Bought { total: total.saturating_sub(seats) };
        if retired {
            asset.retired = asset.retired.saturating_add(seats);
        }
        Ok(())
    })?;
    service.notify_count(uid, key, seats.saturating_neg());
    Ok(())
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
        add_seats(&mut service, uid, key, fresh, seats)
    }

    /// Makes an asset that the location owns unlimited.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotOwned`].
    pub fn make_unlimited(&self, uid: &LocationUid, asset: impl Into<AssetKey>) -> Result<(), PortalError> {
        change_asset(&mut self.lock(), uid, asset.into(), |asset| {
            asset.seats = Seats::Unlimited;
            Ok(())
        })
    }

    /// Sets how many seats are assigned to holders that the simulator does not know one by one, as if another product
    /// had assigned them before. [`Simulator::assign`] assigns seats one by one.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotOwned`], [`PortalError::MoreAssignedThanOwned`].
    pub fn set_assigned(
        &self,
        uid: &LocationUid,
        asset: impl Into<AssetKey>,
        seats: u32,
    ) -> Result<(), PortalError> {
        let key = asset.into();
        change_asset(&mut self.lock(), uid, key, |asset| {
            let seats = i64::from(seats);
            if !asset.is_unlimited() && seats.saturating_sub(asset.elsewhere) > asset.free() {
                return Err(PortalError::MoreAssignedThanOwned(key.adam_id));
            }
            asset.elsewhere = seats;
            Ok(())
        })
    }

    /// Gives seats back: the total shrinks and the retired count grows. Only seats without a holder can be given back
    /// (assumption, as is that they leave the total).
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotOwned`], [`PortalError::Unlimited`],
    /// [`PortalError::NotEnoughFreeSeats`].
    pub fn refund(
        &self,
        uid: &LocationUid,
        asset: impl Into<AssetKey>,
        seats: u32,
    ) -> Result<(), PortalError> {
        withdraw(&mut self.lock(), uid, asset.into(), seats, true)
    }

    /// Moves seats without a holder to another location, at most 24 999 at a time (Apple's documentation). They arrive
    /// at once; Apple's portal takes minutes.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotOwned`], [`PortalError::Unlimited`] on either side,
    /// [`PortalError::NotEnoughFreeSeats`], [`PortalError::TooManyToMove`], [`PortalError::TooManySeats`].
    pub fn transfer(
        &self,
        from: &LocationUid,
        to: &LocationUid,
        moved: impl Into<AssetKey>,
        seats: u32,
    ) -> Result<(), PortalError> {
        let key = moved.into();
        if seats > MOST_MOVED {
            return Err(PortalError::TooManyToMove { most: MOST_MOVED });
        }
        let mut service = self.lock();
        let fresh = OwnedAsset::like(asset(&mut service, from, key)?);
        // Asked before anything is taken out, so that a refusal by the target leaves the source as it is.
        let target = location(&mut service, to)?.assets.get(&key).unwrap_or(&fresh).seats;
        with_more(target, seats, key.adam_id)?;
        withdraw(&mut service, from, key, seats, false)?;
        add_seats(&mut service, to, key, fresh, seats)
    }
}
