//! What is checked, and the checks: of the state of a tenant, and of a plan before it is carried out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{Finding, installs, requests, seats};
use crate::{
    catalog::{AssetKey, Pool},
    id::LocationId,
    installs::Install,
    plan::{AllotPools, PackLimits, Preview},
    seats::{DeviceLimit, Request, Seat, SeatKey},
};

/// The state of a tenant, or of some of its locations as a whole. In any order.
#[derive(Debug, Clone, Copy)]
pub struct Checked<'a> {
    /// The pools.
    pub pools: &'a [Pool],
    /// The seats.
    pub seats: &'a [Seat],
    /// The installs that point at them.
    pub installs: &'a [Install],
    /// The requests; those that await no answer may be left out.
    pub requests: &'a [Request],
    /// The seats that are assigned directly.
    pub direct_assignments: &'a BTreeSet<SeatKey>,
    /// The seats whose holder is in none of the groups that the token is restricted to, each with when a job
    /// decides about it again, UTC.
    pub out_of_scope: &'a BTreeMap<SeatKey, Option<DateTime<Utc>>>,
    /// How many devices one license of a user serves.
    pub device_limit: DeviceLimit,
    /// Apple's limits for a request.
    pub limits: &'a PackLimits,
    /// Now, UTC.
    pub now: DateTime<Utc>,
}

/// Checks everything that must hold at any time between two transactions. The findings are in order; none means that
/// all is well.
#[must_use]
pub fn check(state: &Checked<'_>) -> Vec<Finding> {
    let by_key: BTreeMap<&SeatKey, &Seat> = state.seats.iter().map(|seat| (&seat.key, seat)).collect();
    let mut findings = seats::check(state, &by_key);
    findings.extend(installs::check(state, &by_key));
    findings.extend(requests::check(state, &by_key));
    findings.sort();
    findings.dedup();
    findings
}

/// Checks the seats that a plan gives out against the pools as they were before it. A pool that is not known has none
/// to give.
#[must_use]
pub fn check_grants(before: &AllotPools, preview: &Preview) -> Vec<Finding> {
    let mut granted: BTreeMap<(&LocationId, &AssetKey), u64> = BTreeMap::new();
    for seat in &preview.gains {
        let count = granted.entry((&seat.location, &seat.asset)).or_default();
        *count = count.saturating_add(1);
    }
    let beyond = |((location, asset), granted): ((&LocationId, &AssetKey), u64)| {
        let pool = before.get(&(location.clone(), asset.pricing_param.clone()));
        let free = pool.map_or(Some(0), |pool| pool.free())?;
        let (location, asset) = (location.clone(), asset.clone());
        (granted > free).then_some(Finding::GrantBeyondFree { location, asset, granted, free })
    };
    granted.into_iter().filter_map(beyond).collect()
}
