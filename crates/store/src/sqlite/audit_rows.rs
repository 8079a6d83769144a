//! The audit log.

use mdm_vpp_core::{
    id::TenantId,
    transaction::{AuditDraft, AuditEntry, AuditPosition},
};
use mdm_vpp_ports::StoreError;
use rusqlite::{Transaction, params};

use super::failure::failed;
use crate::rows::{audit, document::json};

const READING: &str = "reading the audit log";
const WRITING: &str = "writing the audit log";

/// Writes a transaction's lines.
pub(super) fn write(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    turn: i64,
    drafts: &[AuditDraft],
) -> Result<(), StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "INSERT INTO audit (tenant, transaction_number, entry, written_at, actor, act) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .map_err(failed(WRITING))?;
    for (n, draft) in (0_u32..).zip(drafts) {
        let written_at = draft.at.to_rfc3339();
        let act = json(&draft.act)?;
        statement
            .execute(params![tenant.as_str(), turn, n, written_at, draft.actor.as_str(), act])
            .map_err(failed(WRITING))?;
    }
    Ok(())
}

/// The lines after a position.
pub(super) fn since(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    after: AuditPosition,
    limit: usize,
) -> Result<Vec<AuditEntry>, StoreError> {
    // No transaction has a number that its column cannot hold.
    let Ok(turn) = i64::try_from(after.transaction) else { return Ok(Vec::new()) };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = transaction
        .prepare_cached(
            "SELECT tenant, transaction_number, entry, written_at, actor, act FROM audit
             WHERE tenant = ?1 AND (transaction_number > ?2 OR (transaction_number = ?2 AND entry > ?3)) ORDER BY transaction_number, entry LIMIT ?4",
        )
        .map_err(failed(READING))?;
    let mut rows =
        statement.query(params![tenant.as_str(), turn, after.index, limit]).map_err(failed(READING))?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next().map_err(failed(READING))? {
        entries.push(audit::read(row)?);
    }
    Ok(entries)
}
