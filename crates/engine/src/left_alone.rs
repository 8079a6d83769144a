//! What this process leaves alone for a while, without touching its due row: another process is at it, or the store does
//! not take writes. The row stays as it is, so who does the work settles it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    turn::{Due, DueKind},
};

/// What is left alone, and until when.
#[derive(Default)]
pub(crate) struct LeftAlone {
    locations: Mutex<BTreeMap<(TenantId, LocationId), DateTime<Utc>>>,
    rows: Mutex<BTreeMap<(TenantId, DueKind), DateTime<Utc>>>,
}

/// So many due rows one location can have, and some.
const ROWS_OF_A_LOCATION: usize = 16;

impl LeftAlone {
    /// Leaves everything about a location alone until a time.
    pub(crate) fn location(&self, tenant: &TenantId, location: &LocationId, until: DateTime<Utc>) {
        locked(&self.locations).insert((tenant.clone(), location.clone()), until);
    }

    /// Leaves one thing alone until a time.
    pub(crate) fn row(&self, tenant: &TenantId, due: &Due, until: DateTime<Utc>) {
        locked(&self.rows).insert((tenant.clone(), due.kind.clone()), until);
    }

    /// Until when something is left alone; `None` when it is not.
    pub(crate) fn until(&self, tenant: &TenantId, due: &Due, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let of_location =
            |location: &LocationId| locked(&self.locations).get(&(tenant.clone(), location.clone())).copied();
        let of_row = locked(&self.rows).get(&(tenant.clone(), due.kind.clone())).copied();
        let talks = !matches!(due.kind, DueKind::TellCatalog { .. });
        let of_location = due.kind.location().filter(|_| talks).and_then(of_location);
        of_row.max(of_location).filter(|until| *until > now)
    }

    /// At most so many due rows are left alone. What was left alone until a time that has passed is forgotten.
    pub(crate) fn rows_at_most(&self, now: DateTime<Utc>) -> usize {
        let (mut locations, mut rows) = (locked(&self.locations), locked(&self.rows));
        locations.retain(|_, until| *until > now);
        rows.retain(|_, until| *until > now);
        locations.len().saturating_mul(ROWS_OF_A_LOCATION).saturating_add(rows.len())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
