//! The due rows.
//!
//! Rows of a kind that this version does not know are left alone: a later version wrote them and looks at them.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{CompletedJob, Job},
};
use mdm_vpp_ports::{StoreError, TenantJob};
use rusqlite::{Params, Transaction, params};

use super::failure::failed;
use crate::{
    kept,
    rows::due::{self, Damaged},
};

const READING: &str = "reading what is due";
const WRITING: &str = "noting what is due";

/// Asks for something.
pub(super) fn note(transaction: &Transaction<'_>, tenant: &TenantId, due: &Job) -> Result<(), StoreError> {
    let (kind, subject) = due.kind.key();
    let location = due.kind.location().map(LocationId::as_str);
    transaction
        .prepare_cached(
            "INSERT INTO jobs (tenant, kind, subject, location, due_at, generation, tries)
             VALUES (?1, ?2, ?3, ?4, ?5,
                     COALESCE((SELECT completed_generation FROM tenants WHERE tenant = ?1), 0) + 1, ?6)
             ON CONFLICT (tenant, kind, subject) DO UPDATE SET
                 due_at = CASE WHEN excluded.due_at < jobs.due_at THEN excluded.due_at ELSE jobs.due_at END,
                 generation = jobs.generation + 1,
                 tries = excluded.tries",
        )
        .and_then(|mut statement| {
            let at = kept::due_micros(due.at);
            statement.execute(params![tenant.as_str(), kind, subject, location, at, due.tries])
        })
        .map_err(failed(WRITING))?;
    Ok(())
}

/// Deletes a row that was looked at, if nobody asked again since.
pub(super) fn settle(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    settled: &CompletedJob,
) -> Result<(), StoreError> {
    let (kind, subject) = settled.kind.key();
    // No row has a count that its column cannot hold.
    let Ok(n) = i64::try_from(settled.generation) else { return Ok(()) };
    let deleted = transaction
        .prepare_cached(
            "DELETE FROM jobs WHERE tenant = ?1 AND kind = ?2 AND subject = ?3 AND generation = ?4",
        )
        .and_then(|mut statement| statement.execute(params![tenant.as_str(), kind, subject, n]))
        .map_err(failed(WRITING))?;
    if deleted > 0 {
        transaction
            .prepare_cached("UPDATE tenants SET completed_generation = ?2 WHERE tenant = ?1 AND completed_generation < ?2")
            .and_then(|mut statement| statement.execute(params![tenant.as_str(), n]))
            .map_err(failed(WRITING))?;
    }
    Ok(())
}

/// What is due at `now`.
pub(super) fn due(
    transaction: &Transaction<'_>,
    now: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<TenantJob>, StoreError> {
    let sql = "SELECT tenant, kind, subject, due_at, generation, tries FROM jobs
               WHERE due_at <= ?1 ORDER BY due_at, tenant, kind, subject";
    known(transaction, sql, params![kept::due_micros(now)], limit, Damaged::Skip)
}

/// What a tenant has due about a location.
pub(super) fn of_location(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<Vec<Job>, StoreError> {
    let sql = "SELECT tenant, kind, subject, due_at, generation, tries FROM jobs
               WHERE tenant = ?1 AND location = ?2 ORDER BY due_at, kind, subject";
    let params = params![tenant.as_str(), location.as_str()];
    let found = known(transaction, sql, params, usize::MAX, Damaged::Tell)?;
    Ok(found.into_iter().map(|found| found.job).collect())
}

/// When the next row is due.
pub(super) fn next(transaction: &Transaction<'_>) -> Result<Option<DateTime<Utc>>, StoreError> {
    let sql = "SELECT tenant, kind, subject, due_at, generation, tries FROM jobs
               ORDER BY due_at, tenant, kind, subject";
    let first = known(transaction, sql, params![], 1, Damaged::Skip)?;
    Ok(first.first().map(|found| found.job.at))
}

/// The first rows of a known kind. The limit is counted here, so that rows of other kinds do not use it up.
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
        found.extend(due::read(row, damaged)?);
    }
    Ok(found)
}
