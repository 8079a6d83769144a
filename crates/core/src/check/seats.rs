//! Seats: each once, each for a reason, and no more of them than there are licenses, which are counted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Checked, Finding};
use crate::{
    catalog::{AssetKey, Counts},
    id::LocationId,
    seats::{AssignReason, Desired, Direction, NextAction, Progress, Seat, SeatKey, seat_rule},
};

pub(super) fn check(state: &Checked<'_>, by_key: &BTreeMap<&SeatKey, &Seat>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut keys = BTreeSet::new();
    let pointed_at: BTreeSet<&SeatKey> =
        state.installs.iter().flat_map(|install| install.license.seats()).collect();
    for seat in state.seats {
        let key = || seat.key.clone();
        if !keys.insert(&seat.key) {
            findings.push(Finding::SeatTwice { seat: key() });
        }
        let is_needed = match seat.desired {
            Desired::Assigned { because: AssignReason::Install } => pointed_at.contains(&seat.key),
            Desired::Assigned { because: AssignReason::Direct } => {
                state.direct_assignments.contains(&seat.key)
            }
            Desired::Assigned { .. } | Desired::Unassigned { .. } => true,
        };
        if !is_needed {
            findings.push(Finding::DesiredWithoutReason { seat: key() });
        }
        if let Progress::GivenUp { error } = &seat.progress {
            findings.push(Finding::GivenUp { seat: key(), error: error.clone() });
        }
        if is_out_of_scope(state, seat) {
            findings.push(Finding::OutOfScope { seat: key() });
        }
    }
    let is_desired = |key: &SeatKey| {
        by_key.get(key).is_some_and(|seat| seat.desired.direction() == Some(Direction::Associate))
    };
    for key in state.direct_assignments.iter().filter(|key| !is_desired(key)) {
        findings.push(Finding::AssignmentWithoutSeat { seat: key.clone() });
    }
    findings.extend(overdrawn(state));
    findings.extend(uncounted(state));
    findings
}

/// Whether its holder is outside the groups of the token, no rule keeps it, and no job decides about it within a day. A
/// job that was to run more than a day ago does not run any more.
fn is_out_of_scope(state: &Checked<'_>, seat: &Seat) -> bool {
    let Some(decided_at) = state.out_of_scope.get(&seat.key) else { return false };
    let needs_a_reason =
        matches!(seat.desired, Desired::Assigned { because: AssignReason::Install | AssignReason::Direct });
    let is_within_a_day = |at: &_| state.now.signed_duration_since(*at).abs() <= TimeDelta::hours(24);
    needs_a_reason && !decided_at.as_ref().is_some_and(is_within_a_day)
}

fn overdrawn(state: &Checked<'_>) -> impl Iterator<Item = Finding> {
    let mut occupied: BTreeMap<(&LocationId, &AssetKey), u64> = BTreeMap::new();
    for seat in state.seats.iter().filter(|seat| seat.is_occupied()) {
        let count = occupied.entry((&seat.key.location, &seat.key.asset)).or_default();
        *count = count.saturating_add(1);
    }
    state.pools.iter().filter_map(move |pool| {
        let Counts::Limited { total, .. } = pool.counts else { return None };
        let (location, asset) = (pool.location.clone(), pool.key());
        let occupied = occupied.get(&(&location, &asset)).copied().unwrap_or_default();
        (total < occupied).then_some(Finding::Overdrawn { location, asset, total, occupied })
    })
}

/// The assets that have seats and no pool.
fn uncounted(state: &Checked<'_>) -> impl Iterator<Item = Finding> {
    let pools: BTreeSet<(&LocationId, AssetKey)> =
        state.pools.iter().map(|pool| (&pool.location, pool.key())).collect();
    let mut seats: BTreeMap<(&LocationId, AssetKey), u64> = BTreeMap::new();
    for seat in state.seats {
        let asset = (&seat.key.location, seat.key.asset.clone());
        if !pools.contains(&asset) {
            let count = seats.entry(asset).or_default();
            *count = count.saturating_add(1);
        }
    }
    let finding = |((location, asset), seats): ((&LocationId, _), _)| Finding::PoolUnknown {
        location: location.clone(),
        asset,
        seats,
    };
    seats.into_iter().map(finding)
}

/// The seats about which something is still to be done. There are none once nothing fails any more and all jobs were
/// done. A seat that was given up awaits a person, not a job.
pub fn unsettled(seats: &[Seat], now: DateTime<Utc>) -> impl Iterator<Item = &SeatKey> {
    let is_unsettled = move |seat: &&Seat| {
        let next = seat_rule(seat.desired, seat.observed, &seat.progress, seat.fence, now);
        let is_queued = matches!(seat.progress, Progress::Queued { .. });
        is_queued || !matches!(next, None | Some(NextAction::GivenUp))
    };
    seats.iter().filter(is_unsettled).map(|seat| &seat.key)
}
