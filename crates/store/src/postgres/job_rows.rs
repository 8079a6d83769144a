//! Jobs. SQL compares their times and counts their generations, so they have columns of their own instead of a document.
//!
//! A job of a kind that this version does not know stays untouched: a later version wrote it, and its workers run it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{CompletedJob, Job},
};
use mdm_vpp_ports::{StoreError, TenantJob};
use tokio_postgres::Row;

use super::{driver::failed, work::Work};
use crate::{
    rows::work::{Damaged, job as read_job},
    times::due_micros,
};

const READING: &str = "reading jobs";
const WRITING: &str = "writing jobs";

/// The largest number of jobs that one statement reads. Ours: some jobs may be of unknown kinds, and a page of this size
/// is read in a few milliseconds.
const PAGE: i64 = 500;

/// What is enqueued of one kind and subject.
struct Enqueued<'j> {
    location: Option<&'j str>,
    at: i64,
    times: i64,
    tries: i64,
}

/// Enqueues jobs.
///
/// The tenant is not locked, so a transaction may complete a job while it is enqueued here, and a new row must continue
/// from the completed generation. The first statement waits for such a transaction, because both write the same key. It
/// gives new rows a generation below zero, which no other transaction sees. The second statement sees what the
/// transaction committed, and turns that number into the generation.
pub(super) async fn enqueue(work: &Work<'_>, tenant: &TenantId, jobs: &[Job]) -> Result<(), StoreError> {
    // In the order of keys, so that two transactions that enqueue the same jobs wait for each other in one direction
    // only and do not deadlock.
    let mut enqueued: BTreeMap<(&'static str, String), Enqueued<'_>> = BTreeMap::new();
    for job in jobs {
        let (at, tries) = (due_micros(job.at), i64::from(job.tries));
        let location = job.kind.location().map(LocationId::as_str);
        let row = enqueued.entry(job.kind.key()).or_insert(Enqueued { location, at, times: 0, tries });
        (row.at, row.times, row.tries) = (row.at.min(at), row.times.saturating_add(1), tries);
    }
    if enqueued.is_empty() {
        return Ok(());
    }
    let (kinds, subjects): (Vec<&str>, Vec<&str>) =
        enqueued.keys().map(|(kind, subject)| (*kind, subject.as_str())).unzip();
    let locations: Vec<Option<&str>> = enqueued.values().map(|job| job.location).collect();
    let times: Vec<i64> = enqueued.values().map(|job| job.times).collect();
    let at: Vec<i64> = enqueued.values().map(|job| job.at).collect();
    let tries: Vec<i64> = enqueued.values().map(|job| job.tries).collect();
    let put = "INSERT INTO jobs AS row (tenant, kind, subject, location, due_at, generation, tries)
               SELECT $1, kind, subject, location, due_at, -times, tries
               FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
                    AS put (kind, subject, location, due_at, times, tries)
               ON CONFLICT (tenant, kind, subject) DO UPDATE SET
                   due_at = LEAST(row.due_at, excluded.due_at),
                   generation = row.generation - excluded.generation,
                   tries = excluded.tries";
    let count = "UPDATE jobs
                 SET generation = COALESCE((SELECT completed_generation FROM tenants WHERE tenant = $1), 0) - generation
                 WHERE tenant = $1 AND generation < 0
                   AND (kind, subject) IN (SELECT * FROM unnest($2::text[], $3::text[]))";
    let doing = work.doing(WRITING);
    let tenant = &tenant.as_str();
    doing.change(put, &[tenant, &kinds, &subjects, &locations, &at, &times, &tries]).await?;
    doing.change(count, &[tenant, &kinds, &subjects]).await.map(drop)
}

/// Deletes completed jobs, except those that were enqueued again since they were loaded, and gives the highest generation
/// among the deleted ones.
pub(super) async fn complete(
    work: &Work<'_>,
    tenant: &TenantId,
    completed: &[CompletedJob],
) -> Result<i64, StoreError> {
    // No row has a generation that its column cannot hold.
    let storable =
        completed.iter().filter_map(|job| Some((job.kind.key(), i64::try_from(job.generation).ok()?)));
    let (keys, generations): (Vec<_>, Vec<i64>) = storable.unzip();
    if keys.is_empty() {
        return Ok(0);
    }
    let (kinds, subjects): (Vec<&str>, Vec<String>) = keys.into_iter().unzip();
    // The rows are locked in the order of keys before they are deleted, as `enqueue` locks them, so that both wait for
    // each other in one direction only. DELETE alone would lock them in any order.
    let sql = "WITH locked AS (
                   SELECT jobs.kind, jobs.subject FROM jobs
                   JOIN unnest($2::text[], $3::text[], $4::bigint[]) AS completed (kind, subject, generation)
                        ON jobs.kind = completed.kind AND jobs.subject = completed.subject
                           AND jobs.generation = completed.generation
                   WHERE jobs.tenant = $1 ORDER BY jobs.kind, jobs.subject FOR UPDATE OF jobs)
               DELETE FROM jobs USING locked
               WHERE jobs.tenant = $1 AND jobs.kind = locked.kind AND jobs.subject = locked.subject
               RETURNING jobs.generation";
    let rows = work.doing(WRITING).rows(sql, &[&tenant.as_str(), &kinds, &subjects, &generations]).await?;
    let mut highest = 0;
    for row in rows {
        highest = highest.max(row.try_get::<_, i64>(0).map_err(failed(WRITING))?);
    }
    Ok(highest)
}

/// The jobs that are due at `now`, or all jobs without it, the oldest first. The limit is counted here and not by SQL, so
/// that jobs of unknown kinds do not use it up.
pub(super) async fn due(
    work: &Work<'_>,
    now: Option<DateTime<Utc>>,
    limit: usize,
) -> Result<Vec<TenantJob>, StoreError> {
    let sql = "SELECT tenant, kind, subject, due_at, generation, tries FROM jobs
               WHERE due_at <= $1
                 AND (due_at, tenant, kind, subject) > ($2::bigint, $3::text, $4::text, $5::text)
               ORDER BY due_at, tenant, kind, subject LIMIT $6";
    let now = now.map_or(i64::MAX, due_micros);
    let mut found = Vec::new();
    let mut after = (i64::MIN, String::new(), String::new(), String::new());
    while found.len() < limit {
        let page = i64::try_from(limit.saturating_sub(found.len())).unwrap_or(PAGE).min(PAGE);
        let (at, tenant, kind, subject) = &after;
        let rows = work.doing(READING).rows(sql, &[&now, at, tenant, kind, subject, &page]).await?;
        for row in &rows {
            found.extend(read_job(row, Damaged::IsPassedOver)?);
        }
        let Some(last) = rows.last() else { break };
        after = position(last).map_err(failed(READING))?;
    }
    Ok(found)
}

/// The place of a job in the order of all jobs.
fn position(row: &Row) -> Result<(i64, String, String, String), tokio_postgres::Error> {
    Ok((row.try_get("due_at")?, row.try_get("tenant")?, row.try_get("kind")?, row.try_get("subject")?))
}

/// All jobs of a tenant about a location.
pub(super) async fn of_location(
    work: &Work<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<Vec<Job>, StoreError> {
    let sql = "SELECT tenant, kind, subject, due_at, generation, tries FROM jobs
               WHERE tenant = $1 AND location = $2 ORDER BY due_at, kind, subject";
    let rows = work.doing(READING).rows(sql, &[&tenant.as_str(), &location.as_str()]).await?;
    let found = rows.iter().map(|row| read_job(row, Damaged::Fails)).filter_map(Result::transpose);
    found.map(|found| found.map(|found| found.job)).collect()
}
