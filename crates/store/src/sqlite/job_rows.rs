//! Jobs. SQL compares their times and counts their generations, so they have columns of their own instead of a document.
//!
//! A job of a kind that this version does not know stays untouched: a later version wrote it, and its workers run it.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{CompletedJob, Job},
};
use mdm_vpp_ports::{StoreError, TenantJob};
use rusqlite::{Params, Transaction, params};

use super::driver::{change, failed};
use crate::{
    rows::work::{self, Damaged},
    times::due_micros,
};

const READING: &str = "reading jobs";
const WRITING: &str = "writing jobs";

/// Enqueues a job. A new row continues from the highest generation that was completed in the tenant, so that a worker
/// that loaded the job before completes nothing that was enqueued since.
pub(super) fn enqueue(transaction: &Transaction<'_>, tenant: &TenantId, job: &Job) -> Result<(), StoreError> {
    let (kind, subject) = job.kind.key();
    let location = job.kind.location().map(LocationId::as_str);
    let sql = "INSERT INTO jobs (tenant, kind, subject, location, due_at, generation, tries)
               VALUES (?1, ?2, ?3, ?4, ?5,
                       COALESCE((SELECT completed_generation FROM tenants WHERE tenant = ?1), 0) + 1, ?6)
               ON CONFLICT (tenant, kind, subject) DO UPDATE SET
                   due_at = CASE WHEN excluded.due_at < jobs.due_at THEN excluded.due_at ELSE jobs.due_at END,
                   generation = jobs.generation + 1,
                   tries = excluded.tries";
    let params = params![tenant.as_str(), kind, subject, location, due_micros(job.at), job.tries];
    change(transaction, WRITING, sql, params).map(drop)
}

/// Deletes a completed job, unless it was enqueued again since it was loaded.
pub(super) fn complete(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    completed: &CompletedJob,
) -> Result<(), StoreError> {
    let (kind, subject) = completed.kind.key();
    // No row has a generation that its column cannot hold.
    let Ok(generation) = i64::try_from(completed.generation) else { return Ok(()) };
    let sql = "DELETE FROM jobs WHERE tenant = ?1 AND kind = ?2 AND subject = ?3 AND generation = ?4";
    let params = params![tenant.as_str(), kind, subject, generation];
    if change(transaction, WRITING, sql, params)? == 0 {
        return Ok(());
    }
    let sql = "UPDATE tenants SET completed_generation = ?2 WHERE tenant = ?1 AND completed_generation < ?2";
    change(transaction, WRITING, sql, params![tenant.as_str(), generation]).map(drop)
}

/// The jobs that are due at `now`.
pub(super) fn due(
    transaction: &Transaction<'_>,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<TenantJob>, StoreError> {
    let sql = "SELECT tenant, kind, subject, due_at, generation, tries FROM jobs
               WHERE due_at <= ?1 ORDER BY due_at, tenant, kind, subject";
    known(transaction, sql, params![due_micros(now)], limit, Damaged::IsPassedOver)
}

/// All jobs of a tenant about a location.
pub(super) fn of_location(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<Vec<Job>, StoreError> {
    let sql = "SELECT tenant, kind, subject, due_at, generation, tries FROM jobs
               WHERE tenant = ?1 AND location = ?2 ORDER BY due_at, kind, subject";
    let params = params![tenant.as_str(), location.as_str()];
    let found = known(transaction, sql, params, usize::MAX, Damaged::Fails)?;
    Ok(found.into_iter().map(|found| found.job).collect())
}

/// The time of the earliest job.
pub(super) fn next_due(transaction: &Transaction<'_>) -> Result<Option<DateTime<Utc>>, StoreError> {
    let sql = "SELECT tenant, kind, subject, due_at, generation, tries FROM jobs
               ORDER BY due_at, tenant, kind, subject";
    let first = known(transaction, sql, params![], 1, Damaged::IsPassedOver)?;
    Ok(first.first().map(|found| found.job.at))
}

/// The first jobs of a known kind. The limit is counted here and not by SQL, so that jobs of unknown kinds do not use it
/// up.
fn known(
    transaction: &Transaction<'_>,
    sql: &str,
    params: impl Params,
    limit: usize,
    damaged: Damaged,
) -> Result<Vec<TenantJob>, StoreError> {
    let mut statement = transaction.prepare_cached(sql).map_err(failed(READING))?;
    let mut rows = statement.query(params).map_err(failed(READING))?;
    let mut found = Vec::new();
    while found.len() < limit {
        let Some(row) = rows.next().map_err(failed(READING))? else { break };
        found.extend(work::job(row, damaged)?);
    }
    Ok(found)
}
