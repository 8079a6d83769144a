//! Stories about the talk with Apple: a location with pools, and what is remembered of its seats.

use std::{collections::BTreeMap, sync::Arc};

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
    deciding::{Watching, decided},
    rows::{at, pool},
    store_fixture::{StoreFixture, build},
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

/// A settled seat, touched so many seconds after the story began.
pub(super) fn seat(key: SeatKey, seconds: i64) -> Seat {
    Seat::new(key, Desired::Assigned { because: AssignReason::Install }, Observed::Assigned, at(seconds))
}

/// A scope that names nothing but a location.
pub(super) fn talk_of(location: &LocationId) -> LocationScope {
    LocationScope {
        location: location.clone(),
        lease: None,
        pools: Pools::None,
        seats: Seats::None,
        requests: Requests::None,
        users: VppUsers::None,
        waitlist: BTreeMap::new(),
        full_read_pages: false,
        notified_events: false,
    }
}

/// A scope that names everything of a location, with the wishes of all apps of the story.
pub(super) fn all_of(location: &LocationId) -> LocationScope {
    LocationScope {
        pools: Pools::All,
        seats: Seats::After(None, 100_000),
        requests: Requests::Open,
        users: VppUsers::ToRead(100_000),
        waitlist: APPS.into_iter().map(|number| (asset(number), 100_000)).collect(),
        full_read_pages: true,
        ..talk_of(location)
    }
}

pub(super) fn turn_of(talk: LocationScope) -> LoadScope {
    LoadScope { location: Some(talk), ..LoadScope::default() }
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
        let user = build(self.check, UserId::new(format!("host's {text}")))?;
        Ok(VppUser::new(location.clone(), self.client(text)?, user, at(0)))
    }

    /// A tenant with a token for a location that has a pool for each of [`APPS`].
    pub(super) async fn settle_talk(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<(), Violation> {
        let pools = APPS.into_iter().map(|number| pool(location, number)).collect();
        self.turn(tenant, Decision { pools, ..self.upload(location, location.as_str())? }).await
    }

    /// Changes a talk in a transaction that has to be saved.
    pub(super) async fn talk(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        talk: LocationChanges,
    ) -> Result<(), Violation> {
        self.works("a turn about a talk", self.try_talk(tenant, talk_of(location), talk).await)
    }

    /// Changes a talk.
    pub(super) async fn try_talk(
        &self,
        tenant: &TenantId,
        scope: LocationScope,
        talk: LocationChanges,
    ) -> Result<(), StoreError> {
        let decision = Decision { location: talk, ..Decision::default() };
        self.store.transact(tenant, &turn_of(scope), decided(decision)).await
    }

    /// What a scope brings, which has to be the same in a transaction.
    pub(super) async fn talk_rows(
        &self,
        tenant: &TenantId,
        scope: LocationScope,
    ) -> Result<Option<LocationRows>, Violation> {
        let scope = turn_of(scope);
        let loaded = self.load(tenant, &scope).await?;
        let watching = Arc::new(Watching::default());
        self.works("a turn that looks", self.store.transact(tenant, &scope, watching.clone()).await)?;
        let seen = watching.seen().and_then(|seen| seen.location);
        self.same("the same in a turn", &loaded.location, &seen)?;
        Ok(loaded.location)
    }

    /// What a scope brings of the talk about Berlin.
    pub(super) async fn in_berlin(&self, scope: LocationScope) -> Result<LocationRows, Violation> {
        match self.talk_rows(&self.acme, scope).await? {
            Some(rows) => Ok(rows),
            None => Err(self.violation("what is loaded of a talk", "some rows", "none")),
        }
    }

    /// The seats of Berlin that a scope brings, by key.
    pub(super) async fn seats_in_berlin(&self, seats: Seats) -> Result<Vec<Seat>, Violation> {
        let scope = LocationScope { seats, ..talk_of(&self.berlin) };
        let seats = self.in_berlin(scope).await?.seats;
        let misplaced = seats.iter().any(|(key, seat)| *key != seat.key);
        self.same("a seat under the key of another", &false, &misplaced)?;
        Ok(seats.into_values().collect())
    }
}
