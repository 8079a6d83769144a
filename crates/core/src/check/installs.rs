//! Installs: each points at a seat that is desired for it, at most as many at one seat as it serves, and no device is
//! commanded to use a license that is not there.

use std::collections::BTreeMap;

use super::{Checked, Finding};
use crate::{
    installs::{DevicePhase, Install},
    seats::{Observed, Seat, SeatKey},
};

pub(super) fn check(state: &Checked<'_>, seats: &BTreeMap<&SeatKey, &Seat>) -> Vec<Finding> {
    let mut findings: Vec<_> = state.installs.iter().flat_map(|install| of_install(install, seats)).collect();
    findings.extend(shared(state));
    findings
}

/// The seats that more installs use than they serve.
fn shared(state: &Checked<'_>) -> impl Iterator<Item = Finding> {
    let mut uses: BTreeMap<&SeatKey, usize> = BTreeMap::new();
    for key in state.installs.iter().flat_map(|install| install.license.seats()) {
        let count = uses.entry(key).or_default();
        *count = count.saturating_add(1);
    }
    let limit = state.device_limit;
    let too_many =
        uses.into_iter().filter(move |(key, installs)| !limit.has_room(key, installs.saturating_sub(1)));
    too_many.map(move |(seat, installs)| {
        let seat = seat.clone();
        if seat.holder.is_user() {
            Finding::BeyondDeviceLimit { seat, installs, limit: limit.0.get() }
        } else {
            Finding::DeviceSeatShared { seat, installs }
        }
    })
}

fn of_install(install: &Install, seats: &BTreeMap<&SeatKey, &Seat>) -> Vec<Finding> {
    let (device, adam_id) = (|| install.device.clone(), install.adam_id);
    let mut findings = Vec::new();
    for key in install.license.seats() {
        if key.asset.adam_id != adam_id {
            findings.push(Finding::SeatOfOtherApp { device: device(), adam_id, seat: key.clone() });
        }
        match seats.get(key) {
            None => findings.push(Finding::SeatMissing { device: device(), adam_id, seat: key.clone() }),
            Some(seat) if !seat.desired.is_assigned() => {
                findings.push(Finding::InstallOnUnassigned { device: device(), adam_id, seat: key.clone() });
            }
            Some(seat) if install.after_read(seat).is_some() => {
                findings.push(Finding::MoveNotEnded { device: device(), adam_id });
            }
            Some(_) => {}
        }
    }
    let is_listed = |key| seats.get(key).is_some_and(|seat| seat.observed == Observed::Assigned);
    if matches!(install.phase, DevicePhase::InstallCommanded { .. })
        && let Some(seat) = install.license.seats().next()
        && !install.license.seats().any(is_listed)
    {
        let seat = seat.clone();
        findings.push(Finding::CommandWithoutLicense { device: device(), adam_id, seat });
    }
    findings
}
