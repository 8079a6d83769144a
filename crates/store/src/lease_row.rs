//! Leases, as all stores keep them: who may talk about a location, and when that is over.
//!
//! An epoch never comes back, and the end of a lease moves to an earlier time only when another session asks and a clock that
//! jumped back has left it further away than any lease is long: so such a clock makes no second session, and locks nobody out.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{id::LocationId, seats::Epoch};
use mdm_vpp_ports::{Lease, LeaseHolder};

use crate::kept::{due_micros, due_time};

/// No lease is longer than this, or than the one that is asked for. Our choice; the engine's are two minutes long.
const LONGEST_MINUTES: i64 = 60;

/// The lease of a location, as it is kept. The row stays when the lease ends, for the next epoch has to be greater.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeaseRow {
    pub(crate) epoch: u64,
    pub(crate) talker: LeaseHolder,
    /// In microseconds since 1970, cut off; `None` when the lease was given back.
    pub(crate) until: Option<i64>,
}

impl LeaseRow {
    /// The row after a session asked for the lease, and whether it has it then.
    pub(crate) fn asked(
        row: Option<&Self>,
        talker: &LeaseHolder,
        now: DateTime<Utc>,
        period: TimeDelta,
    ) -> (Self, bool) {
        let end = now.checked_add_signed(period).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let fresh = |epoch| Self { epoch, talker: talker.clone(), until: Some(due_micros(end)) };
        match row {
            None => (fresh(1), true),
            Some(row) if !row.runs(now) => (fresh(row.epoch.saturating_add(1)), true),
            Some(row) if row.talker == *talker => {
                (Self { until: row.until.max(fresh(row.epoch).until), ..row.clone() }, true)
            }
            Some(row) => {
                let longest = TimeDelta::minutes(LONGEST_MINUTES).max(period);
                let last = now.checked_add_signed(longest).map(due_micros);
                let until = row.until.map(|until| last.map_or(until, |last| until.min(last)));
                (Self { until, ..row.clone() }, false)
            }
        }
    }

    /// Whether the holder of a lease may go on.
    pub(crate) fn holds(row: Option<&Self>, lease: &Lease, now: DateTime<Utc>) -> bool {
        row.is_some_and(|row| row.epoch == lease.epoch.0 && row.runs(now))
    }

    /// The lease as its session holds it.
    pub(crate) fn lease(&self, location: &LocationId) -> Lease {
        let until = self.until.and_then(due_time).unwrap_or(DateTime::UNIX_EPOCH);
        Lease { location: location.clone(), epoch: Epoch(self.epoch), until }
    }

    fn runs(&self, now: DateTime<Utc>) -> bool {
        self.until.is_some_and(|until| until > due_micros(now))
    }
}

#[cfg(test)]
#[path = "lease_row_tests.rs"]
mod tests;
