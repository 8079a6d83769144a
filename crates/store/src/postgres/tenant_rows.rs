//! The row of a tenant, which is the lock of its transactions, and its audit log. The log only grows and is read by
//! position, so it has columns of its own instead of a document for each entry.

use mdm_vpp_core::{
    id::TenantId,
    transaction::{AuditDraft, AuditEntry, AuditPosition},
};
use mdm_vpp_ports::StoreError;

use super::{driver::rows_at_most, work::Work};
use crate::{documents::json, rows::tenant};

const READING: &str = "reading a tenant";
const LOCKING: &str = "waiting for the lock of a tenant";
const WRITING: &str = "saving a transaction";

/// Locks a known tenant until the transaction ends, and gives the number of its transactions; `None` for an unknown
/// tenant, of which there is nothing to lock.
pub(super) async fn lock_known(work: &Work<'_>, tenant: &TenantId) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT tenant, transactions FROM tenants WHERE tenant = $1 FOR UPDATE";
    let row = work.doing(LOCKING).row(sql, &[&tenant.as_str()]).await?;
    row.map(|row| tenant::transactions(&row)).transpose()
}

/// Locks a tenant, also an unknown one, and gives the number of its transactions.
pub(super) async fn lock(work: &Work<'_>, tenant: &TenantId) -> Result<u64, StoreError> {
    if let Some(transactions) = lock_known(work, tenant).await? {
        return Ok(transactions);
    }
    // Another process may insert the row at the same time. The key makes this statement wait for that process, and the
    // row is locked and read after it committed.
    let sql = "INSERT INTO tenants (tenant, transactions, completed_generation) VALUES ($1, 0, 0)
               ON CONFLICT (tenant) DO NOTHING";
    work.doing(LOCKING).change(sql, &[&tenant.as_str()]).await?;
    Ok(lock_known(work, tenant).await?.unwrap_or_default())
}

/// The number of transactions of a tenant; 0 for an unknown one.
pub(super) async fn transactions_of(work: &Work<'_>, tenant: &TenantId) -> Result<u64, StoreError> {
    let sql = "SELECT tenant, transactions FROM tenants WHERE tenant = $1";
    match work.doing(READING).row(sql, &[&tenant.as_str()]).await? {
        Some(row) => tenant::transactions(&row),
        None => Ok(0),
    }
}

/// Counts a transaction, and keeps the highest generation of a job that it completed.
pub(super) async fn count(
    work: &Work<'_>,
    tenant: &TenantId,
    number: i64,
    completed_generation: i64,
) -> Result<(), StoreError> {
    let sql = "UPDATE tenants
               SET transactions = $2, completed_generation = GREATEST(completed_generation, $3)
               WHERE tenant = $1";
    work.doing(WRITING).change(sql, &[&tenant.as_str(), &number, &completed_generation]).await.map(drop)
}

/// Writes the entries of a transaction.
pub(super) async fn write(
    work: &Work<'_>,
    tenant: &TenantId,
    number: i64,
    drafts: &[AuditDraft],
) -> Result<(), StoreError> {
    if drafts.is_empty() {
        return Ok(());
    }
    let entries: Vec<i64> = (0..).take(drafts.len()).collect();
    let written_at: Vec<String> = drafts.iter().map(|draft| draft.at.to_rfc3339()).collect();
    let actors: Vec<&str> = drafts.iter().map(|draft| draft.actor.as_str()).collect();
    let acts = drafts.iter().map(|draft| json(&draft.act)).collect::<Result<Vec<_>, _>>()?;
    let sql = "INSERT INTO audit (tenant, transaction_number, entry, written_at, actor, act)
               SELECT $1, $2, entry, written_at, actor, act
               FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[])
                    AS put (entry, written_at, actor, act)";
    let doing = work.doing("writing the audit log");
    doing.change(sql, &[&tenant.as_str(), &number, &entries, &written_at, &actors, &acts]).await.map(drop)
}

/// The entries after a position.
pub(super) async fn since(
    work: &Work<'_>,
    tenant: &TenantId,
    after: AuditPosition,
    limit: usize,
) -> Result<Vec<AuditEntry>, StoreError> {
    // No transaction has a number that its column cannot hold.
    let Ok(number) = i64::try_from(after.transaction) else { return Ok(Vec::new()) };
    let sql = "SELECT tenant, transaction_number, entry, written_at, actor, act FROM audit
               WHERE tenant = $1 AND (transaction_number, entry) > ($2::bigint, $3::bigint)
               ORDER BY transaction_number, entry LIMIT $4";
    let doing = work.doing("reading the audit log");
    let (entry, limit) = (i64::from(after.index), rows_at_most(limit));
    let rows = doing.rows(sql, &[&tenant.as_str(), &number, &entry, &limit]).await?;
    rows.iter().map(|row| tenant::audit_entry(row)).collect()
}
