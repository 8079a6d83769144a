//! Fixtures of one location's assignments: its pools, seats, requests and users, and how they are saved and loaded.

use std::sync::Arc;

use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    id::{AdamId, ClientUserId, LocationId, SerialNumber, TenantId, UserId},
    location::{LocationChanges, LocationRows, SeatChange},
    seats::{
        AssignReason, Desired, Direction, Epoch, Holder, Holders, Observed, Request, RequestNumber, Seat,
        SeatKey, VppUser,
    },
    transaction::Decision,
};

use super::{
    Violation,
    rows::{at, pool},
    store_fixture::{StoreFixture, Watching, build, decided},
};
use crate::{LoadScope, LocationScope, Pools, Requests, Seats, StoreError, VppUsers};

/// The apps that have pools in Berlin. As text they would come in another order.
pub(super) const APPS: [u64; 3] = [2, 10, 30];

pub(super) fn asset(number: u64) -> AssetKey {
    AssetKey { adam_id: AdamId::new(number), pricing_param: PricingParam::Standard }
}

pub(super) fn key(location: &LocationId, number: u64, holder: &Holder) -> SeatKey {
    SeatKey { location: location.clone(), asset: asset(number), holder: holder.clone() }
}

/// A settled seat, touched a number of seconds after the fixture began.
pub(super) fn seat(key: SeatKey, seconds: i64) -> Seat {
    Seat::new(key, Desired::Assigned { because: AssignReason::Install }, Observed::Assigned, at(seconds))
}

/// A scope that names everything of a location, with the waitlists of all apps of the fixture.
pub(super) fn all_of(location: &LocationId) -> LocationScope {
    LocationScope::of(location.clone())
        .pools(Pools::All)
        .seats(Seats::After(None, 100_000))
        .requests(Requests::Open)
        .users(VppUsers::ToRead(100_000))
        .waitlist(APPS.map(|number| (asset(number), 100_000)))
        .full_read_pages()
}

/// Changes that insert or replace seats.
pub(super) fn puts(seats: impl IntoIterator<Item = Seat>) -> LocationChanges {
    let seats = seats.into_iter().map(|seat| (seat.key.clone(), SeatChange::Put(seat))).collect();
    LocationChanges { seats, ..LocationChanges::default() }
}

/// A request that was written, for devices.
pub(super) fn request(
    location: &LocationId,
    number: u64,
    apps: &[u64],
    serial_numbers: &[SerialNumber],
) -> Request {
    let holders = Holders::Devices { serial_numbers: serial_numbers.iter().cloned().collect() };
    let assets = apps.iter().copied().map(asset).collect();
    let (number, direction) = (RequestNumber(number), Direction::Associate);
    Request::written(location.clone(), number, direction, assets, holders, Epoch(1))
}

impl StoreFixture {
    pub(super) fn serial(&self, text: &str) -> Result<SerialNumber, Violation> {
        build(self.check, SerialNumber::new(text))
    }

    pub(super) fn device(&self, text: &str) -> Result<Holder, Violation> {
        Ok(Holder::Device { serial_number: self.serial(text)? })
    }

    pub(super) fn client(&self, text: &str) -> Result<ClientUserId, Violation> {
        build(self.check, ClientUserId::new(text))
    }

    pub(super) fn user(&self, text: &str) -> Result<Holder, Violation> {
        Ok(Holder::User { client_user_id: self.client(text)? })
    }

    pub(super) fn vpp_user(&self, location: &LocationId, text: &str) -> Result<VppUser, Violation> {
        let user = build(self.check, UserId::new(format!("user {text}")))?;
        Ok(VppUser::new(location.clone(), self.client(text)?, user, at(0)))
    }

    /// Adds a location to a tenant: its token, and a pool for each of [`APPS`].
    pub(super) async fn add_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<(), Violation> {
        let pools = APPS.into_iter().map(|number| pool(location, number)).collect();
        self.save(tenant, Decision { pools, ..self.upload(location, location.as_str())? }).await
    }

    /// Changes a location in a transaction that must be saved.
    pub(super) async fn save_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        changes: LocationChanges,
    ) -> Result<(), Violation> {
        self.works(
            "a transaction about a location",
            self.try_save_location(tenant, LocationScope::of(location.clone()), changes).await,
        )
    }

    /// Changes a location.
    pub(super) async fn try_save_location(
        &self,
        tenant: &TenantId,
        scope: LocationScope,
        changes: LocationChanges,
    ) -> Result<(), StoreError> {
        let decision = Decision { location: changes, ..Decision::default() };
        self.store.transact(tenant, &LoadScope::of(scope), decided(decision)).await
    }

    /// The rows that a scope loads, which must be the same in a transaction.
    pub(super) async fn location_rows(
        &self,
        tenant: &TenantId,
        scope: LocationScope,
    ) -> Result<Option<LocationRows>, Violation> {
        let scope = LoadScope::of(scope);
        let loaded = self.load(tenant, &scope).await?;
        let watching = Arc::new(Watching::default());
        self.works(
            "a transaction that only loads",
            self.store.transact(tenant, &scope, watching.clone()).await,
        )?;
        let observed = watching.observed().and_then(|observed| observed.location);
        self.same("the same in a transaction", &loaded.location, &observed)?;
        Ok(loaded.location)
    }

    /// The rows that a scope loads of Berlin.
    pub(super) async fn in_berlin(&self, scope: LocationScope) -> Result<LocationRows, Violation> {
        match self.location_rows(&self.acme, scope).await? {
            Some(rows) => Ok(rows),
            None => Err(self.violation("what is loaded of a location", "some rows", "none")),
        }
    }

    /// The seats that a scope loads of Berlin, by key.
    pub(super) async fn seats_in_berlin(&self, seats: Seats) -> Result<Vec<Seat>, Violation> {
        let scope = LocationScope::of(self.berlin.clone()).seats(seats);
        let seats = self.in_berlin(scope).await?.seats;
        let misplaced = seats.iter().any(|(key, seat)| *key != seat.key);
        self.same("a seat under the key of another", &false, &misplaced)?;
        Ok(seats.into_values().collect())
    }
}
