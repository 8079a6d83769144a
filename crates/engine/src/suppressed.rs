//! What this process leaves alone for a while, without touching its due row: another process is at it, or the store does
//! not take writes. The row stays as it is, so who does the work settles it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{Job, JobKind},
};

/// What is left alone, and until when.
#[derive(Default)]
pub(crate) struct Suppressed {
    locations: Mutex<BTreeMap<(TenantId, LocationId), DateTime<Utc>>>,
    rows: Mutex<BTreeMap<(TenantId, JobKind), DateTime<Utc>>>,
}

/// So many due rows one location can have, and some.
const ROWS_OF_A_LOCATION: usize = 16;
/// Nothing is left alone for longer, in minutes: a time further ahead was set before the clock jumped back.
const LONGEST_MINUTES: i64 = 2;

impl Suppressed {
    /// Leaves everything about a location alone until a time.
    pub(crate) fn location(&self, tenant: &TenantId, location: &LocationId, until: DateTime<Utc>) {
        locked(&self.locations).insert((tenant.clone(), location.clone()), until);
    }

    /// Leaves one thing alone until a time.
    pub(crate) fn row(&self, tenant: &TenantId, due: &Job, until: DateTime<Utc>) {
        locked(&self.rows).insert((tenant.clone(), due.kind.clone()), until);
    }

    /// Until when something is left alone; `None` when it is not.
    pub(crate) fn until(&self, tenant: &TenantId, due: &Job, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let of_location =
            |location: &LocationId| locked(&self.locations).get(&(tenant.clone(), location.clone())).copied();
        let of_row = locked(&self.rows).get(&(tenant.clone(), due.kind.clone())).copied();
        let talks = !matches!(due.kind, JobKind::TellCatalog { .. });
        let of_location = due.kind.location().filter(|_| talks).and_then(of_location);
        of_row.max(of_location).filter(|until| lasts(*until, now))
    }

    /// At most so many due rows are left alone. What was left alone until a time that has passed is forgotten.
    pub(crate) fn rows_at_most(&self, now: DateTime<Utc>) -> usize {
        let (mut locations, mut rows) = (locked(&self.locations), locked(&self.rows));
        locations.retain(|_, until| lasts(*until, now));
        rows.retain(|_, until| lasts(*until, now));
        locations.len().saturating_mul(ROWS_OF_A_LOCATION).saturating_add(rows.len())
    }
}

fn lasts(until: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    until > now && until.signed_duration_since(now) <= TimeDelta::minutes(LONGEST_MINUTES)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_suppressed_before_the_clock_jumped_back_is_suppressed_no_more() {
        let (suppressed, now) = (Suppressed::default(), DateTime::UNIX_EPOCH + TimeDelta::days(7));
        let (tenant, location) = (TenantId::new("tenant").unwrap(), LocationId::new("7").unwrap());
        let [send, sync] = [
            Job::at(JobKind::SendRequests { location: location.clone() }, now),
            Job::at(JobKind::SyncAssets { location: location.clone() }, now),
        ];
        suppressed.location(&tenant, &location, now + TimeDelta::seconds(120));
        suppressed.row(&tenant, &send, now + TimeDelta::seconds(30));
        for due in [&send, &sync] {
            assert!(suppressed.until(&tenant, due, now).is_some());
            assert_eq!(suppressed.until(&tenant, due, now - TimeDelta::minutes(5)), None);
        }
        assert_eq!(suppressed.rows_at_most(now), 17);
        assert_eq!(suppressed.rows_at_most(now - TimeDelta::days(1)), 0);
    }
}
