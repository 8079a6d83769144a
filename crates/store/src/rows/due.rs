//! Rows of what is due.

use mdm_vpp_core::{
    id::TenantId,
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{StoreError, TenantJob};

use super::{Columns, Reading};
use crate::kept;

/// What a row that cannot be read does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damaged {
    /// It is an error: somebody asks about its own location.
    Tell,
    /// It is passed over: it must not keep all other tenants from their work.
    Skip,
}

/// A row; `None` when it is of a kind that this version does not know, or when it is passed over.
pub(crate) fn read(row: &dyn Columns, damaged: Damaged) -> Result<Option<TenantJob>, StoreError> {
    match whole(&Reading::new("jobs", &["tenant", "kind", "subject"], row)) {
        Err(StoreError::Unreadable { .. }) if damaged == Damaged::Skip => Ok(None),
        answer => answer,
    }
}

fn whole(reading: &Reading<'_>) -> Result<Option<TenantJob>, StoreError> {
    let Some(kind) = JobKind::from_key(reading.text("kind")?, reading.text("subject")?) else {
        return Ok(None);
    };
    let at = kept::due_time(reading.number("due_at")?)
        .ok_or_else(|| reading.unreadable("due_at", "is no time"))?;
    let due = Job { kind, at, generation: reading.number("generation")?, tries: reading.number("tries")? };
    Ok(Some(TenantJob { tenant: reading.parsed("tenant", TenantId::new)?, job: due }))
}
