//! A location whose decisions are saved at once, and the values that its tests name.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    catalog::*, check::*, decide::assignments::*, id::*, location::*, plan::*, seats::*, transaction::*,
};

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

pub(crate) fn location_id(id: &str) -> LocationId {
    LocationId::new(id).unwrap()
}

pub(crate) fn asset(adam_id: u64) -> AssetKey {
    AssetKey { adam_id: AdamId::new(adam_id), pricing_param: PricingParam::Standard }
}

pub(crate) fn app_asset(adam_id: u64, platforms: &[Platform], total: u64) -> Asset {
    Asset {
        adam_id: AdamId::new(adam_id),
        pricing_param: PricingParam::Standard,
        product_type: ProductType::App,
        device_assignable: true,
        revocable: true,
        supported_platforms: platforms.iter().cloned().collect(),
        counts: Counts::Limited { total, assigned: 0, available: total, retired: 0 },
    }
}

pub(crate) fn serial(text: &str) -> SerialNumber {
    SerialNumber::new(text).unwrap()
}

pub(crate) fn device_seat(adam_id: u64, serial_number: &str) -> SeatKey {
    let holder = Holder::Device { serial_number: serial(serial_number) };
    SeatKey { location: location_id("1"), asset: asset(adam_id), holder }
}

pub(crate) fn user_seat(adam_id: u64, client_user_id: &str) -> SeatKey {
    let holder = Holder::User { client_user_id: ClientUserId::new(client_user_id).unwrap() };
    SeatKey { location: location_id("1"), asset: asset(adam_id), holder }
}

#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    pub(crate) rows: LocationRows,
    pub(crate) jobs: BTreeMap<JobKind, DateTime<Utc>>,
    pub(crate) now: DateTime<Utc>,
}

/// A location with a number of licenses of app 7, of which a full read has found none assigned.
pub(crate) fn location_with(total: u64) -> Fixture {
    let pool = Pool::of(&location_id("1"), &app_asset(7, &[Platform::Ios], total), now());
    let state = LocationState { fully_read_at: Some(now()), ..LocationState::new(location_id("1")) };
    let rows = LocationRows {
        state,
        pools: BTreeMap::from([(asset(7), pool)]),
        seats: BTreeMap::new(),
        requests: Vec::new(),
        users: BTreeMap::new(),
        waitlist: Vec::new(),
        full_read_pages: Vec::new(),
        notified_events: Vec::new(),
    };
    Fixture { rows, jobs: BTreeMap::new(), now: now() + TimeDelta::seconds(1) }
}

pub(crate) fn seats(serials: &[&str]) -> BTreeSet<SeatKey> {
    serials.iter().map(|serial| device_seat(7, serial)).collect()
}

impl Fixture {
    pub(crate) fn pass(&mut self, time: TimeDelta) {
        self.now += time;
    }

    pub(crate) fn save(&mut self, decision: Decision) {
        let mut loaded = Loaded { location: Some(self.rows.clone()), ..Loaded::default() };
        decision.apply_to(&mut loaded);
        self.rows = loaded.location.unwrap();
        for job in decision.jobs {
            let at = self.jobs.entry(job.kind).or_insert(job.at);
            *at = job.at.min(*at);
        }
        self.check();
    }

    /// Asserts that nothing that must hold is broken, and that the pool counts what is there.
    fn check(&self) {
        let seats: Vec<_> = self.rows.seats.values().cloned().collect();
        let pools: Vec<_> = self.rows.pools.values().cloned().collect();
        let direct: BTreeSet<SeatKey> =
            seats.iter().filter(|seat| seat.desired.is_assigned()).map(|seat| seat.key.clone()).collect();
        let findings = check(&Checked {
            pools: &pools,
            seats: &seats,
            installs: &[],
            requests: &self.rows.requests,
            direct_assignments: &direct,
            out_of_scope: &BTreeMap::new(),
            limits: &PackLimits::default(),
            device_limit: DeviceLimit::default(),
            now: self.now,
        });
        let broken: Vec<&Finding> =
            findings.iter().filter(|finding| finding.kind() == FindingKind::Broken).collect();
        assert!(broken.is_empty(), "{broken:?}");
        for pool in pools {
            let occupied = seats.iter().filter(|seat| seat.key.asset == pool.key() && seat.is_occupied());
            assert_eq!(pool.occupied, occupied.count() as u64);
            let unconfirmed = seats.iter().filter(|seat| {
                seat.key.asset == pool.key() && seat.is_occupied() && seat.observed != Observed::Assigned
            });
            assert_eq!(pool.unconfirmed, unconfirmed.count() as u64);
            assert!(pool.uncounted >= pool.unconfirmed);
        }
    }

    /// Changes direct assignments, and says what became of each seat.
    pub(crate) fn change_assignments(&mut self, assign: &[&str], unassign: &[&str]) -> Report<SeatKey> {
        let change = AssignmentChange::Seats { assign: seats(assign), unassign: seats(unassign) };
        let (decision, report) = decide_change_assignments(&self.rows, &change, self.now).unwrap();
        self.save(decision);
        report
    }

    pub(crate) fn outcomes(&mut self, assign: &[&str], unassign: &[&str]) -> Vec<&'static str> {
        self.change_assignments(assign, unassign)
            .lines
            .iter()
            .map(|line| Outcome::name(&line.outcome))
            .collect()
    }

    pub(crate) fn write(&mut self) -> Vec<Request> {
        let (decision, requests) =
            decide_write_request(&self.rows, Epoch(1), &PackLimits::default(), self.now, 9, self.now);
        self.save(decision);
        requests
    }

    pub(crate) fn answer(&mut self, number: RequestNumber, event: &RequestEvent) {
        self.save(decide_record_answer(&self.rows, number, event, self.now));
    }

    /// Apple accepts a request and does all of it.
    pub(crate) fn done(&mut self, number: RequestNumber) {
        let event_id = EventId::new(&format!("event-{number}")).unwrap();
        self.answer(number, &RequestEvent::Accepted { event_id: event_id.clone(), at: self.now });
        self.answer(number, &RequestEvent::Completed { event_id });
    }

    /// A full read that begins and ends now.
    pub(crate) fn full_read(&mut self, listed: &[&str]) {
        self.pass(TimeDelta::seconds(1));
        let listed = seats(listed);
        let read = AssignmentsRead { begun_at: self.now, listed: &listed, covers: Covers::UpTo(None) };
        let (decision, unknown) = decide_apply_read(&self.rows, &read, self.now);
        assert!(unknown.is_empty());
        self.save(decision);
    }

    pub(crate) fn fill_waitlist(&mut self) {
        let among = self.rows.waitlist.iter().map(|entry| entry.seat.clone()).collect();
        self.save(decide_fill_waitlist(&self.rows, &among, self.now).0);
    }

    /// The counts are read: Apple counts as assigned what it lists.
    pub(crate) fn count(&mut self) {
        self.pass(TimeDelta::seconds(1));
        let before = self.rows.pools[&asset(7)].clone();
        let listed =
            self.rows.seats.values().filter(|seat| seat.observed == Observed::Assigned).count() as u64;
        let Counts::Limited { total, retired, .. } = before.counts else { return };
        let counts = Counts::Limited { total, assigned: listed, available: total - listed, retired };
        let read = Pool { counts, counted_at: self.now, ..before.clone() };
        self.rows.pools.insert(asset(7), read.counting_as(&before, Some(&before)));
    }

    pub(crate) fn is_enqueued(&self, kind: fn(LocationId) -> JobKind) -> bool {
        self.jobs.contains_key(&kind(location_id("1")))
    }

    pub(crate) fn free(&self) -> Option<u64> {
        self.rows.pools[&asset(7)].free()
    }
}
