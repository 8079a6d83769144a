//! What must hold at any time, and what must be so in the end.

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

use crate::{ground::Ground, world::Trouble};

impl Ground {
    async fn load(&self, seats: Seats, waiting: BTreeMap<AssetKey, usize>) -> Result<LocationRows, Trouble> {
        let talk = LocationScope {
            location: self.location.clone(),
            lease: None,
            pools: Pools::All,
            seats,
            requests: Requests::Open,
            users: VppUsers::None,
            waitlist: waiting,
            full_read_pages: false,
            notified_events: false,
        };
        let scope = LoadScope { location: Some(talk), ..LoadScope::default() };
        self.store.load(&self.tenant, &scope).await?.location.ok_or_else(|| "the token is gone".into())
    }

    /// Everything that is stored of the location.
    async fn rows(&self) -> Result<LocationRows, Trouble> {
        let rows = self.load(Seats::After(None, 1_000_000), BTreeMap::new()).await?;
        let waiting = rows.pools.keys().map(|asset| (asset.clone(), 1_000_000)).collect();
        Ok(LocationRows { waitlist: self.load(Seats::None, waiting).await?.waitlist, ..rows })
    }

    /// What must hold and does not.
    pub(crate) async fn broken(&self) -> Result<Vec<Finding>, Trouble> {
        let rows = self.rows().await?;
        let seats: Vec<Seat> = rows.seats.values().cloned().collect();
        let pools: Vec<_> = rows.pools.values().cloned().collect();
        let mut findings = check(&Checked {
            pools: &pools,
            seats: &seats,
            installs: &[],
            requests: &rows.requests,
            // A direct wish is its seat.
            direct_assignments: &seats
                .iter()
                .filter(|seat| seat.desired.is_assigned())
                .map(|seat| seat.key.clone())
                .collect(),
            out_of_scope: &BTreeMap::new(),
            limits: &PackLimits::default(),
            device_limit: DeviceLimit::default(),
            now: self.clock.now(),
        });
        findings.retain(|finding| finding.kind() == FindingKind::Broken);
        if self
            .simulator
            .requests()
            .iter()
            .any(|request| request.error == Some(ErrorNumber::TOO_MANY_REQUESTS))
        {
            return Err("more requests in a second than Apple takes".into());
        }
        self.simulator.clear_requests();
        if let Some(seat) = self.promised_wrongly(&seats)? {
            return Err(format!("an app would be installed without its license: {seat:#?}").into());
        }
        for pool in &pools {
            let occupied =
                seats.iter().filter(|seat| seat.key.asset == pool.key() && seat.is_occupied()).count();
            if pool.occupied != occupied as u64 {
                return Err(
                    format!("{:?}: counts {} seats, has {occupied}", pool.key(), pool.occupied).into()
                );
            }
        }
        Ok(findings)
    }

    /// A seat with which a device would be told to install, although Apple has given no license. What another product or
    /// the portal did meanwhile is known later.
    fn promised_wrongly<'s>(&self, seats: &'s [Seat]) -> Result<Option<&'s Seat>, Trouble> {
        let disturbed = self.disturbed.lock().unwrap_or_else(PoisonError::into_inner);
        for seat in seats.iter().filter(|seat| seat.is_usable() && !disturbed.contains(&seat.key)) {
            if !self.holds(&seat.key)? {
                return Ok(Some(seat));
            }
        }
        Ok(None)
    }

    fn holds(&self, key: &SeatKey) -> Result<bool, Trouble> {
        let Holder::Device { serial_number } = &key.holder else { return Ok(false) };
        let app = mdm_vpp_simulator::AdamId::new(key.asset.adam_id.number());
        let holder = mdm_vpp_simulator::Holder::device(serial_number.as_str());
        Ok(self.simulator.holds(&self.uid, app, &holder)?)
    }

    /// What is not as desired, here or at Apple, in words.
    pub(crate) async fn differences(&self) -> Result<Option<String>, Trouble> {
        let rows = self.rows().await?;
        let seats: Vec<Seat> = rows.seats.values().cloned().collect();
        let unsettled: Vec<&SeatKey> = unsettled(&seats, self.clock.now()).collect();
        if !unsettled.is_empty() {
            let seats: Vec<&Seat> = unsettled.iter().filter_map(|key| rows.seats.get(*key)).collect();
            let due = self.store.jobs_of_location(&self.tenant, &self.location).await?;
            return Ok(Some(format!("still to be done: {seats:#?}, due: {due:#?}")));
        }
        let starving = rows.waitlist.iter().find(|wish| {
            rows.pools.get(&wish.seat.asset).is_some_and(|pool| pool.free().is_none_or(|free| free > 0))
        });
        if let Some(wish) = starving {
            return Ok(Some(format!("waits although a license is free: {wish:#?}")));
        }
        if !rows.requests.is_empty() {
            return Ok(Some(format!("requests without an answer: {:#?}", rows.requests)));
        }
        self.differences_from_apple(&rows)
    }

    fn differences_from_apple(&self, rows: &LocationRows) -> Result<Option<String>, Trouble> {
        for key in self.seats()? {
            let held = self.holds(&key)?;
            let seat = rows.seats.get(&key);
            let given_up = seat.is_some_and(|seat| matches!(seat.progress, Progress::GivenUp { .. }));
            let wanted = seat.is_some_and(|seat| seat.desired.is_assigned());
            if held != wanted && !given_up {
                return Ok(Some(format!("Apple holds: {held}, we want: {wanted}: {key:#?} {seat:#?}")));
            }
            let is_foreign = seat.is_some_and(|seat| !seat.is_ours());
            if is_foreign && !self.disturbed.lock().unwrap_or_else(PoisonError::into_inner).contains(&key) {
                return Ok(Some(format!("a license of ours was taken for somebody else's: {seat:#?}")));
            }
        }
        for wish in &rows.waitlist {
            let app = mdm_vpp_simulator::AdamId::new(wish.seat.asset.adam_id.number());
            let given_up = rows.seats.values().filter(|seat| {
                seat.key.asset == wish.seat.asset && matches!(seat.progress, Progress::GivenUp { .. })
            });
            if self.simulator.free_licenses(&self.uid, app)? > i64::try_from(given_up.count())? {
                let pool = rows.pools.get(&wish.seat.asset);
                return Ok(Some(format!("waits although Apple has a license: {wish:#?} {pool:#?}")));
            }
        }
        let counted: BTreeSet<&SeatKey> = rows.seats.keys().collect();
        let waiting = rows.waitlist.iter().find(|wish| counted.contains(&wish.seat));
        Ok(waiting.map(|wish| format!("waits and has a seat: {wish:#?}")))
    }
}
