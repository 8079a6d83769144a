//! The scene of the tests.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::*;
use crate::{
    catalog::{Platform, Pool, testing::app_asset},
    id::{DeviceId, TenantId},
    installs::{DevicePhase, Install, InstallLicense},
    plan::PackLimits,
    seats::{
        CommandNumber, DeviceLimit, Direction, Epoch, Holders, Observed, Progress, Request, RequestNumber,
        Seat, SeatKey,
        testing::{HOLD, asset, device_seat, serial},
    },
    testing::{location_id, now},
};

/// Two devices with an app: one has its license, the other's is in a request.
#[derive(Clone)]
pub(super) struct House {
    pub(super) pools: Vec<Pool>,
    pub(super) seats: Vec<Seat>,
    pub(super) installs: Vec<Install>,
    pub(super) requests: Vec<Request>,
    pub(super) direct_assignments: BTreeSet<SeatKey>,
    pub(super) out_of_scope: BTreeMap<SeatKey, Option<DateTime<Utc>>>,
}

pub(super) fn install(device: &str, license: InstallLicense) -> Install {
    let (tenant, id) = (TenantId::new("t").unwrap(), DeviceId::new(device).unwrap());
    Install { license, ..Install::new(tenant, id, asset(7).adam_id, now()) }
}

pub(super) fn on(device: &str, seat: SeatKey) -> Install {
    install(device, InstallLicense::OnSeat { seat })
}

pub(super) fn request(number: u64, serials: &[&str]) -> Request {
    let serial_numbers = serials.iter().map(|text| serial(text)).collect();
    Request::written(
        location_id("1"),
        RequestNumber(number),
        Direction::Associate,
        BTreeSet::from([asset(7)]),
        Holders::Devices { serial_numbers },
        Epoch(1),
    )
}

pub(super) fn well() -> House {
    let (one, two) = (device_seat(7, "ONE"), device_seat(7, "TWO"));
    let mut requested = Seat::new(two.clone(), HOLD, Observed::Unassigned, now());
    requested.progress = Progress::InRequest { request: RequestNumber(4) };
    let mut commanded = install("one", InstallLicense::OnSeat { seat: one.clone() });
    commanded.phase = DevicePhase::InstallCommanded { command: CommandNumber(1) };
    House {
        pools: vec![Pool::of(&location_id("1"), &app_asset(7, &[Platform::Ios], 9), now())],
        seats: vec![Seat::new(one, HOLD, Observed::Assigned, now()), requested],
        installs: vec![commanded, install("two", InstallLicense::OnSeat { seat: two })],
        requests: vec![request(4, &["TWO"])],
        direct_assignments: BTreeSet::new(),
        out_of_scope: BTreeMap::new(),
    }
}

pub(super) fn findings(house: &House) -> Vec<Finding> {
    let limits =
        PackLimits { max_serial_numbers: std::num::NonZeroU32::new(2).unwrap(), ..PackLimits::default() };
    check(&Checked {
        pools: &house.pools,
        seats: &house.seats,
        installs: &house.installs,
        requests: &house.requests,
        direct_assignments: &house.direct_assignments,
        out_of_scope: &house.out_of_scope,
        device_limit: DeviceLimit(std::num::NonZeroU32::new(2).unwrap()),
        limits: &limits,
        now: now(),
    })
}

pub(super) fn names(house: &House) -> Vec<&'static str> {
    findings(house).iter().map(Finding::name).collect()
}
