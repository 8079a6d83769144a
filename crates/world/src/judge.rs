//! The judge of a world: the invariants that hold after every step, and what must be as desired in the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::PoisonError,
};

use mdm_vpp_core::{
    catalog::AssetKey,
    check::{Checked, Finding, FindingKind, check, unsettled},
    location::LocationRows,
    plan::PackLimits,
    seats::{DeviceLimit, Holder, Progress, Seat, SeatKey},
};
use mdm_vpp_ports::{Clock, LoadScope, LocationScope, Pools, Requests, Seats, VppUsers};
use mdm_vpp_simulator::ErrorNumber;

use crate::{BoxError, fixture::WorldFixture};

/// Compares what is stored with what Apple has.
pub(crate) struct Judge<'w> {
    pub(crate) fixture: &'w WorldFixture,
}

impl Judge<'_> {
    async fn load(
        &self,
        seats: Seats,
        waitlist: BTreeMap<AssetKey, usize>,
    ) -> Result<LocationRows, BoxError> {
        let location = LocationScope {
            location: self.fixture.location.clone(),
            lease: None,
            pools: Pools::All,
            seats,
            requests: Requests::Open,
            users: VppUsers::None,
            waitlist,
            full_read_pages: false,
            notified_events: false,
        };
        let scope = LoadScope { location: Some(location), ..LoadScope::default() };
        self.fixture
            .store
            .load(&self.fixture.tenant, &scope)
            .await?
            .location
            .ok_or_else(|| "the token is gone".into())
    }

    /// Loads everything that is stored of the location.
    async fn rows(&self) -> Result<LocationRows, BoxError> {
        let rows = self.load(Seats::After(None, 1_000_000), BTreeMap::new()).await?;
        let entries = rows.pools.keys().map(|asset| (asset.clone(), 1_000_000)).collect();
        Ok(LocationRows { waitlist: self.load(Seats::None, entries).await?.waitlist, ..rows })
    }

    /// The invariants that are broken now. Some are checked here and not by `check`: they need Apple's side.
    pub(crate) async fn broken(&self) -> Result<Vec<Finding>, BoxError> {
        let rows = self.rows().await?;
        let seats: Vec<Seat> = rows.seats.values().cloned().collect();
        let pools: Vec<_> = rows.pools.values().cloned().collect();
        let mut findings = check(&Checked {
            pools: &pools,
            seats: &seats,
            installs: &[],
            requests: &rows.requests,
            // A direct assignment has no row of its own: the seat that it made desired stands for it.
            direct_assignments: &seats
                .iter()
                .filter(|seat| seat.desired.is_assigned())
                .map(|seat| seat.key.clone())
                .collect(),
            out_of_scope: &BTreeMap::new(),
            limits: &PackLimits::default(),
            device_limit: DeviceLimit::default(),
            now: self.fixture.clock.now(),
        });
        findings.retain(|finding| finding.kind() == FindingKind::Broken);
        if self
            .fixture
            .simulator
            .requests()
            .iter()
            .any(|request| request.error == Some(ErrorNumber::TOO_MANY_REQUESTS))
        {
            return Err("Apple refused a request with 9646: more requests in a second than it takes".into());
        }
        self.fixture.simulator.clear_requests();
        if let Some(seat) = self.usable_without_license(&seats)? {
            return Err(format!("an app would be installed without its license: {seat:#?}").into());
        }
        for pool in &pools {
            let occupied =
                seats.iter().filter(|seat| seat.key.asset == pool.key() && seat.is_occupied()).count();
            if pool.occupied != occupied as u64 {
                return Err(format!(
                    "{:?}: counts {} occupied seats and has {occupied}",
                    pool.key(),
                    pool.occupied
                )
                .into());
            }
        }
        Ok(findings)
    }

    /// A usable seat whose license Apple does not have assigned: a device would be told to install the app without it.
    fn usable_without_license<'s>(&self, seats: &'s [Seat]) -> Result<Option<&'s Seat>, BoxError> {
        let disturbed = self.fixture.disturbed.lock().unwrap_or_else(PoisonError::into_inner);
        for seat in seats.iter().filter(|seat| seat.is_usable() && !disturbed.contains(&seat.key)) {
            if !self.holds(&seat.key)? {
                return Ok(Some(seat));
            }
        }
        Ok(None)
    }

    fn holds(&self, key: &SeatKey) -> Result<bool, BoxError> {
        let Holder::Device { serial_number } = &key.holder else { return Ok(false) };
        let app = mdm_vpp_simulator::AdamId::new(key.asset.adam_id.number());
        let holder = mdm_vpp_simulator::Holder::device(serial_number.as_str());
        Ok(self.fixture.simulator.holds(&self.fixture.uid, app, &holder)?)
    }

    /// The first difference from what is desired, here or at Apple, in words.
    pub(crate) async fn differences(&self) -> Result<Option<String>, BoxError> {
        let rows = self.rows().await?;
        let seats: Vec<Seat> = rows.seats.values().cloned().collect();
        let unsettled: Vec<&SeatKey> = unsettled(&seats, self.fixture.clock.now()).collect();
        if !unsettled.is_empty() {
            let seats: Vec<&Seat> = unsettled.iter().filter_map(|key| rows.seats.get(*key)).collect();
            let jobs =
                self.fixture.store.jobs_of_location(&self.fixture.tenant, &self.fixture.location).await?;
            return Ok(Some(format!("seats that are not settled: {seats:#?}, jobs: {jobs:#?}")));
        }
        let starving = rows.waitlist.iter().find(|entry| {
            rows.pools.get(&entry.seat.asset).is_some_and(|pool| pool.free().is_none_or(|free| free > 0))
        });
        if let Some(entry) = starving {
            return Ok(Some(format!("on the waitlist although a license is free: {entry:#?}")));
        }
        if !rows.requests.is_empty() {
            return Ok(Some(format!("requests without an answer: {:#?}", rows.requests)));
        }
        self.differences_from_apple(&rows)
    }

    fn differences_from_apple(&self, rows: &LocationRows) -> Result<Option<String>, BoxError> {
        for key in self.fixture.seats()? {
            let held = self.holds(&key)?;
            let seat = rows.seats.get(&key);
            let given_up = seat.is_some_and(|seat| matches!(seat.progress, Progress::GivenUp { .. }));
            let desired = seat.is_some_and(|seat| seat.desired.is_assigned());
            if held != desired && !given_up {
                return Ok(Some(format!(
                    "assigned at Apple: {held}, desired: {desired}: {key:#?} {seat:#?}"
                )));
            }
            let is_foreign = seat.is_some_and(|seat| !seat.is_ours());
            if is_foreign
                && !self.fixture.disturbed.lock().unwrap_or_else(PoisonError::into_inner).contains(&key)
            {
                return Ok(Some(format!("a license of ours counts as foreign: {seat:#?}")));
            }
        }
        for entry in &rows.waitlist {
            let app = mdm_vpp_simulator::AdamId::new(entry.seat.asset.adam_id.number());
            let given_up = rows.seats.values().filter(|seat| {
                seat.key.asset == entry.seat.asset && matches!(seat.progress, Progress::GivenUp { .. })
            });
            if self.fixture.simulator.free_licenses(&self.fixture.uid, app)?
                > i64::try_from(given_up.count())?
            {
                let pool = rows.pools.get(&entry.seat.asset);
                return Ok(Some(format!(
                    "on the waitlist although Apple has a free license: {entry:#?} {pool:#?}"
                )));
            }
        }
        let with_seat: BTreeSet<&SeatKey> = rows.seats.keys().collect();
        let both = rows.waitlist.iter().find(|entry| with_seat.contains(&entry.seat));
        Ok(both.map(|entry| format!("on the waitlist and has a seat: {entry:#?}")))
    }
}
