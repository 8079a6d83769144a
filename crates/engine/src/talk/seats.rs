//! Reading seats: who has which license, what is under way, and who waits.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    location::{LocationRows, WaitlistEntry},
    seats::{Holder, Seat, SeatKey},
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{LocationScope, Seats, StoreError};

use super::scopes;
use crate::Tenant;

/// Which seats of a location are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeatQuery {
    /// All, in the order of their keys: at most `limit` after a key. Ask on with the key of the last one.
    All {
        /// The last key of the page before.
        after: Option<SeatKey>,
        /// At most so many.
        limit: usize,
    },
    /// Those of an asset.
    Asset(AssetKey),
    /// Those of a device or a user.
    Holder(Holder),
}

impl Tenant {
    /// Seats as they are stored: what is wished, what Apple was read to say, and what is under way; seats of other products
    /// too ([`Seat::is_ours`]). Nothing is asked of Apple. An app may be installed with a license when
    /// [`Seat::is_usable`] says so, and not before.
    ///
    /// ```
    /// use mdm_vpp_core::{id::LocationId, seats::{Holder, Seat}};
    /// use mdm_vpp_engine::{SeatQuery, Tenant};
    ///
    /// /// The licenses that a device can use now.
    /// async fn usable(tenant: &Tenant, token: &LocationId, device: Holder) -> Result<usize, mdm_vpp_ports::StoreError> {
    ///     let seats = tenant.seats(token, &SeatQuery::Holder(device)).await?;
    ///     Ok(seats.iter().filter(|seat| Seat::is_usable(seat)).count())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the store.
    pub async fn seats(&self, token: &LocationId, asked: &SeatQuery) -> Result<Vec<Seat>, StoreError> {
        let seats = match asked.clone() {
            SeatQuery::All { after, limit } => Seats::After(after, limit),
            SeatQuery::Asset(asset) => Seats::OfAsset(asset),
            SeatQuery::Holder(holder) => Seats::OfHolder(holder),
        };
        let rows = self.location_rows(LocationScope { seats, ..scopes::location_scope(token, None) }).await?;
        Ok(rows.seats.into_values().collect())
    }

    /// The wishes that wait for a license of an asset, at most `limit`: who waits longest, and is served first, comes first.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the store.
    pub async fn waitlist(
        &self,
        token: &LocationId,
        asset: &AssetKey,
        limit: usize,
    ) -> Result<Vec<WaitlistEntry>, StoreError> {
        let waiting = BTreeMap::from([(asset.clone(), limit)]);
        Ok(self
            .location_rows(LocationScope { waitlist: waiting, ..scopes::location_scope(token, None) })
            .await?
            .waitlist)
    }

    /// Has all assignments of a location read soon, by the next [`work`](crate::Vpp::work): what Apple does not list any more
    /// is found, and given again where it is wished, for instance after [`drift`](Self::drift) named it. By itself that
    /// happens once a day.
    ///
    /// # Errors
    ///
    /// A failure of the store.
    pub async fn sync_assignments(&self, token: &LocationId) -> Result<(), StoreError> {
        let due = Job::at(JobKind::ReadAssignments { location: token.clone() }, self.parts.clock.now());
        self.parts.store.enqueue(&self.id, &[due]).await
    }

    async fn location_rows(&self, scope: LocationScope) -> Result<LocationRows, StoreError> {
        let location = scope.location.clone();
        let rows = self.parts.load_location(&self.id, scope).await?;
        rows.ok_or(StoreError::UnknownToken { location })
    }
}
