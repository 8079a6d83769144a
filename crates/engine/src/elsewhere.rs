//! What another process has in hand.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{id::TenantId, turn::DueKind};

/// What another process has in hand is looked at again after so long, in seconds.
pub(crate) const ELSEWHERE_SECONDS: i64 = 10;

/// What is due and left to another process, and until when. Nothing of it is stored: the rows belong to the other process.
#[derive(Default)]
pub(crate) struct Elsewhere(Mutex<BTreeMap<(TenantId, DueKind), DateTime<Utc>>>);

impl Elsewhere {
    /// Leaves something alone until then.
    pub(crate) fn leave(&self, tenant: &TenantId, kind: &DueKind, until: DateTime<Utc>) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.insert((tenant.clone(), kind.clone()), until);
    }

    /// Until when something is left alone; `None` when it is not, or no more.
    pub(crate) fn left_until(
        &self,
        tenant: &TenantId,
        kind: &DueKind,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.retain(|_, until| *until > now);
        left.get(&(tenant.clone(), kind.clone())).copied()
    }
}
