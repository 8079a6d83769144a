//! The row of a tenant, which is the lock of its transactions.

use mdm_vpp_core::id::TenantId;
use mdm_vpp_ports::StoreError;

use super::work::Work;
use crate::rows;

const READING: &str = "reading a tenant";
const LOCKING: &str = "waiting for a tenant's turn";
const WRITING: &str = "saving a turn";

/// Locks a tenant until the transaction ends; tells how many transactions it had, and whether it is known.
pub(super) async fn lock_known(work: &Work<'_>, tenant: &TenantId) -> Result<Option<u64>, StoreError> {
    let sql = "SELECT tenant, transactions FROM tenants WHERE tenant = $1 FOR UPDATE";
    let row = work.doing(LOCKING).row(sql, &[&tenant.as_str()]).await?;
    row.map(|row| rows::token::turns(&row)).transpose()
}

/// Locks a tenant, also one that nobody knows yet.
pub(super) async fn lock(work: &Work<'_>, tenant: &TenantId) -> Result<u64, StoreError> {
    if let Some(turns) = lock_known(work, tenant).await? {
        return Ok(turns);
    }
    // Somebody else may take the first transaction at the same time: this waits for him.
    let sql = "INSERT INTO tenants (tenant, transactions, completed_generation) VALUES ($1, 0, 0) ON CONFLICT (tenant) DO NOTHING";
    work.doing(LOCKING).change(sql, &[&tenant.as_str()]).await?;
    Ok(lock_known(work, tenant).await?.unwrap_or_default())
}

/// How many transactions a tenant had; none for one that nobody knows.
pub(super) async fn turns(work: &Work<'_>, tenant: &TenantId) -> Result<u64, StoreError> {
    let sql = "SELECT tenant, transactions FROM tenants WHERE tenant = $1";
    match work.doing(READING).row(sql, &[&tenant.as_str()]).await? {
        Some(row) => rows::token::turns(&row),
        None => Ok(0),
    }
}

/// Counts a transaction, and keeps the highest count of a due row that was settled.
pub(super) async fn count(
    work: &Work<'_>,
    tenant: &TenantId,
    turn: i64,
    settled_n: i64,
) -> Result<(), StoreError> {
    let sql = "UPDATE tenants SET transactions = $2, completed_generation = GREATEST(completed_generation, $3) WHERE tenant = $1";
    work.doing(WRITING).change(sql, &[&tenant.as_str(), &turn, &settled_n]).await.map(drop)
}
