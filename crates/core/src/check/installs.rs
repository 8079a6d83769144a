//! Installs: each points at a seat that is wanted for it, and none is told to use a license that is not there.

use std::collections::BTreeMap;

use super::{Checked, Finding};
use crate::seats::{DevicePhase, Install, Seat, SeatKey, Seen};

pub(super) fn check(state: &Checked<'_>, seats: &BTreeMap<&SeatKey, &Seat>) -> Vec<Finding> {
    state.installs.iter().flat_map(|install| of_install(install, seats)).collect()
}

fn of_install(install: &Install, seats: &BTreeMap<&SeatKey, &Seat>) -> Vec<Finding> {
    let (device, adam_id) = (|| install.device.clone(), install.adam_id);
    let mut findings = Vec::new();
    for key in install.license.seats() {
        match seats.get(key) {
            None => findings.push(Finding::SeatMissing { device: device(), adam_id, seat: key.clone() }),
            Some(seat) if !seat.want.is_hold() => {
                findings.push(Finding::WantedAndFree { device: device(), adam_id, seat: key.clone() });
            }
            Some(seat) if install.after_reading(seat).is_some() => {
                findings.push(Finding::MoveNotEnded { device: device(), adam_id });
            }
            Some(_) => {}
        }
    }
    let is_listed = |key| seats.get(key).is_some_and(|seat| seat.seen == Seen::Present);
    if matches!(install.phase, DevicePhase::InstallCommanded { .. })
        && let Some(seat) = install.license.seats().next()
        && !install.license.seats().any(is_listed)
    {
        let seat = seat.clone();
        findings.push(Finding::CommandWithoutLicense { device: device(), adam_id, seat });
    }
    findings
}
