//! The row of a tenant, which counts its transactions, and its audit log. The log only grows and is read by position, so
//! it has columns of its own instead of a document for each entry.

use mdm_vpp_core::{
    id::TenantId,
    transaction::{AuditDraft, AuditEntry, AuditPosition},
};
use mdm_vpp_ports::StoreError;
use rusqlite::{Transaction, params};

use super::driver::{change, failed, rows_at_most, select};
use crate::{documents::json, rows::tenant};

const READING: &str = "reading the audit log";
const WRITING: &str = "writing the audit log";

/// The number of transactions of a tenant; 0 for an unknown one.
pub(super) fn transactions_of(transaction: &Transaction<'_>, tenant: &TenantId) -> Result<u64, StoreError> {
    let sql = "SELECT tenant, transactions FROM tenants WHERE tenant = ?1";
    let params = params![tenant.as_str()];
    let rows: Vec<u64> =
        select(transaction, "reading a tenant", sql, params, |row| tenant::transactions(row))?;
    Ok(rows.first().copied().unwrap_or_default())
}

/// Counts a transaction. The first one makes the tenant known.
pub(super) fn count(transaction: &Transaction<'_>, tenant: &TenantId, number: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO tenants (tenant, transactions, completed_generation) VALUES (?1, ?2, 0)
               ON CONFLICT (tenant) DO UPDATE SET transactions = excluded.transactions";
    change(transaction, "counting a transaction", sql, params![tenant.as_str(), number]).map(drop)
}

/// Writes the entries of a transaction.
pub(super) fn write(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    number: i64,
    drafts: &[AuditDraft],
) -> Result<(), StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "INSERT INTO audit (tenant, transaction_number, entry, written_at, actor, act)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .map_err(failed(WRITING))?;
    for (entry, draft) in (0_u32..).zip(drafts) {
        let written_at = draft.at.to_rfc3339();
        let act = json(&draft.act)?;
        statement
            .execute(params![tenant.as_str(), number, entry, written_at, draft.actor.as_str(), act])
            .map_err(failed(WRITING))?;
    }
    Ok(())
}

/// The entries after a position.
pub(super) fn since(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    after: AuditPosition,
    limit: usize,
) -> Result<Vec<AuditEntry>, StoreError> {
    // No transaction has a number that its column cannot hold.
    let Ok(number) = i64::try_from(after.transaction) else { return Ok(Vec::new()) };
    let sql = "SELECT tenant, transaction_number, entry, written_at, actor, act FROM audit
               WHERE tenant = ?1 AND (transaction_number > ?2 OR (transaction_number = ?2 AND entry > ?3))
               ORDER BY transaction_number, entry LIMIT ?4";
    let params = params![tenant.as_str(), number, after.index, rows_at_most(limit)];
    select(transaction, READING, sql, params, |row| tenant::audit_entry(row))
}
