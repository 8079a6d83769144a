//! Seats that leave a location: given back, or moved to another location.

use super::error::PortalError;
use crate::model::{AssetKey, LocationUid, OwnedAsset, Seats, Service, UNLIMITED};
use crate::simulator::Simulator;

/// So many seats are moved at a time (Apple's documentation).
const MOST_MOVED: u32 = 24_999;

impl Service {
    /// Takes free seats out of a location.
    fn withdraw(
        &mut self,
        uid: &LocationUid,
        key: AssetKey,
        seats: u32,
        retired: bool,
    ) -> Result<(), PortalError> {
        let seats = i64::from(seats);
        self.change_asset(uid, key, |asset| {
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
        self.notify_count(uid, key, seats.saturating_neg());
        Ok(())
    }
}

impl Simulator {
    /// Gives seats back: the total shrinks and the retired count grows. Only seats that nobody holds (assumption, as is
    /// that the total does not include them any more).
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
        self.lock().withdraw(uid, asset.into(), seats, true)
    }

    /// Moves seats that nobody holds to another location, at most 24 999 at a time (Apple's documentation). It happens at
    /// once; Apple's portal takes minutes.
    ///
    /// # Errors
    /// [`PortalError::UnknownLocation`], [`PortalError::NotOwned`], [`PortalError::Unlimited`] on either side,
    /// [`PortalError::NotEnoughFreeSeats`], [`PortalError::TooManyToMove`], [`PortalError::TooManySeats`].
    pub fn transfer(
        &self,
        from: &LocationUid,
        to: &LocationUid,
        asset: impl Into<AssetKey>,
        seats: u32,
    ) -> Result<(), PortalError> {
        let key = asset.into();
        if seats > MOST_MOVED {
            return Err(PortalError::TooManyToMove { most: MOST_MOVED });
        }
        let mut service = self.lock();
        let not_owned = || PortalError::NotOwned { uid: from.clone(), adam_id: key.adam_id };
        let source = service.location_mut(from)?.assets.get(&key).ok_or_else(not_owned)?;
        let fresh = OwnedAsset::like(source);
        let target = service.location_mut(to)?.assets.get(&key);
        let total = match target.map_or(Seats::Bought { total: 0 }, |asset| asset.seats) {
            Seats::Unlimited => return Err(PortalError::Unlimited(key.adam_id)),
            Seats::Bought { total } => total.saturating_add(i64::from(seats)),
        };
        if total >= UNLIMITED {
            return Err(PortalError::TooManySeats(key.adam_id));
        }
        service.withdraw(from, key, seats, false)?;
        service.location_mut(to)?.assets.entry(key).or_insert(fresh);
        service.change_asset(to, key, |asset| {
            if let Seats::Bought { total } = asset.seats {
                asset.seats = Seats::Bought { total: total.saturating_add(i64::from(seats)) };
            }
            Ok(())
        })?;
        service.notify_count(to, key, i64::from(seats));
        Ok(())
    }
}
