//! Rows of what is due.

use mdm_vpp_core::{
    id::TenantId,
    transaction::{Due, DueKind},
};
use mdm_vpp_ports::{StoreError, TenantDue};

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
pub(crate) fn read(row: &dyn Columns, damaged: Damaged) -> Result<Option<TenantDue>, StoreError> {
    match whole(&Reading::new("due", &["tenant", "kind", "subject"], row)) {
        Err(StoreError::Unreadable { .. }) if damaged == Damaged::Skip => Ok(None),
        answer => answer,
    }
}

fn whole(reading: &Reading<'_>) -> Result<Option<TenantDue>, StoreError> {
    let Some(kind) = DueKind::from_key(reading.text("kind")?, reading.text("subject")?) else {
        return Ok(None);
    };
    let at = kept::due_time(reading.number("due_at")?)
        .ok_or_else(|| reading.unreadable("due_at", "is no time"))?;
    let due = Due { kind, at, n: reading.number("n")?, tries: reading.number("tries")? };
    Ok(Some(TenantDue { tenant: reading.parsed("tenant", TenantId::new)?, due }))
}
