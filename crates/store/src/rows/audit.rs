//! Rows of the audit log.

use mdm_vpp_core::{
    id::Actor,
    transaction::{AuditEntry, AuditPosition},
};
use mdm_vpp_ports::StoreError;

use super::{Columns, Reading};

/// A row as a line of the log.
pub(crate) fn read(row: &dyn Columns) -> Result<AuditEntry, StoreError> {
    let reading = Reading::new("audit", &["tenant", "transaction_number", "entry"], row);
    Ok(AuditEntry {
        position: AuditPosition {
            transaction: reading.number("transaction_number")?,
            index: reading.number("entry")?,
        },
        at: reading.time("written_at")?,
        actor: reading.parsed("actor", Actor::new)?,
        act: reading.document("act")?,
    })
}
