//! Rows of the work with Apple: jobs, leases, and what notifications reported.

use mdm_vpp_core::{
    id::TenantId,
    location::NotifiedEvent,
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{LeaseHolder, StoreError, TenantJob};

use super::{Columns, Reading};
use crate::lease_row::LeaseRow;

/// What a job that cannot be read does to the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damaged {
    /// It is an error, because the caller asks about this very location.
    Fails,
    /// It is passed over, because it must not keep all other tenants from their work.
    IsPassedOver,
}

/// A row as a job; `None` for a kind that this version does not know, and for a row that is passed over.
pub(crate) fn job(row: &dyn Columns, damaged: Damaged) -> Result<Option<TenantJob>, StoreError> {
    match read_job(&Reading::new("jobs", &["tenant", "kind", "subject"], row)) {
        Err(StoreError::Unreadable { .. }) if damaged == Damaged::IsPassedOver => Ok(None),
        answer => answer,
    }
}

fn read_job(reading: &Reading<'_>) -> Result<Option<TenantJob>, StoreError> {
    // A later version wrote a job of another kind, and its workers run it.
    let Some(kind) = JobKind::from_key(reading.text("kind")?, reading.text("subject")?) else {
        return Ok(None);
    };
    let job = Job {
        kind,
        at: reading.micros("due_at")?,
        generation: reading.number("generation")?,
        tries: reading.number("tries")?,
    };
    Ok(Some(TenantJob { tenant: reading.parsed("tenant", TenantId::new)?, job }))
}

/// A row as the lease of a location.
pub(crate) fn lease(row: &dyn Columns) -> Result<LeaseRow, StoreError> {
    let reading = Reading::new("leases", &["location"], row);
    Ok(LeaseRow {
        epoch: reading.number("epoch")?,
        holder: LeaseHolder(reading.text("holder")?.to_owned()),
        until: reading.optional_number("until")?,
    })
}

/// A row as the event that a notification reported, after its place in the order of notifications: by the time of
/// receipt, then by id.
pub(crate) fn notified_event(row: &dyn Columns) -> Result<((i64, String), NotifiedEvent), StoreError> {
    let reading = Reading::new("notifications", &["location", "notification_id"], row);
    let place = (reading.number::<i64>("received_at")?, reading.text("notification_id")?.to_owned());
    Ok((place, reading.document("document")?))
}
