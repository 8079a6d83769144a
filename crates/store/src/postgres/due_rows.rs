//! The due rows.
//!
//! Rows of a kind that this version does not know are left alone: a later version wrote them and looks at them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{CompletedJob, Job},
};
use mdm_vpp_ports::{StoreError, TenantJob};
use tokio_postgres::Row;

use super::{failure::failed, work::Work};
use crate::{
    kept,
    rows::due::{self, Damaged},
};

const READING: &str = "reading what is due";
const WRITING: &str = "noting what is due";

/// How many rows are asked for at once.
const PAGE: i64 = 500;

/// What is asked for of one kind and subject.
struct Asked<'d> {
    location: Option<&'d str>,
    at: i64,
    times: i64,
    tries: i64,
}

/// Asks for things.
///
/// The tenant is not locked, so a transaction may settle a row at the same time that is asked for here, and a row that comes
/// back must count on from the settled one. The first statement waits for such a transaction, because of the key, and leaves new
/// rows with a count below zero, which nobody sees. The second one sees what that transaction committed, and gives them their
/// count.
pub(super) async fn note(work: &Work<'_>, tenant: &TenantId, due: &[Job]) -> Result<(), StoreError> {
    // By key, so that two who note the same rows wait for each other in one direction only.
    let mut asked: BTreeMap<(&'static str, String), Asked<'_>> = BTreeMap::new();
    for due in due {
        let (at, tries) = (kept::due_micros(due.at), i64::from(due.tries));
        let location = due.kind.location().map(LocationId::as_str);
        let row = asked.entry(due.kind.key()).or_insert(Asked { location, at, times: 0, tries });
        (row.at, row.times, row.tries) = (row.at.min(at), row.times.saturating_add(1), tries);
    }
    if asked.is_empty() {
        return Ok(());
    }
    let (kinds, subjects): (Vec<&str>, Vec<&str>) =
        asked.keys().map(|(kind, subject)| (*kind, subject.as_str())).unzip();
    let locations: Vec<Option<&str>> = asked.values().map(|asked| asked.location).collect();
    let times: Vec<i64> = asked.values().map(|asked| asked.times).collect();
    let at: Vec<i64> = asked.values().map(|asked| asked.at).collect();
    let tries: Vec<i64> = asked.values().map(|asked| asked.tries).collect();
    let ask = "INSERT INTO jobs AS row (tenant, kind, subject, location, due_at, generation, tries)
               SELECT $1, kind, subject, location, due_at, -times, tries
               FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
                    AS asked (kind, subject, location, due_at, times, tries)
               ON CONFLICT (tenant, kind, subject) DO UPDATE SET
                   due_at = LEAST(row.due_at, excluded.due_at),
                   generation = row.generation - excluded.generation,
                   tries = excluded.tries";
    let count = "UPDATE jobs SET generation = COALESCE((SELECT completed_generation FROM tenants WHERE tenant = $1), 0) - generation
                 WHERE tenant = $1 AND generation < 0
                   AND (kind, subject) IN (SELECT * FROM unnest($2::text[], $3::text[]))";
    let doing = work.doing(WRITING);
    let tenant = &tenant.as_str();
    doing.change(ask, &[tenant, &kinds, &subjects, &locations, &at, &times, &tries]).await?;
    doing.change(count, &[tenant, &kinds, &subjects]).await.map(drop)
}

/// Deletes rows that were looked at, if nobody asked again since; tells the highest count among them.
pub(super) async fn settle(
    work: &Work<'_>,
    tenant: &TenantId,
    settled: &[CompletedJob],
) -> Result<i64, StoreError> {
    // No row has a count that its column cannot hold.
    let counted = settled
        .iter()
        .filter_map(|settled| Some((settled.kind.key(), i64::try_from(settled.generation).ok()?)));
    let (keys, counts): (Vec<_>, Vec<i64>) = counted.unzip();
    if keys.is_empty() {
        return Ok(0);
    }
    let (kinds, subjects): (Vec<&str>, Vec<String>) = keys.into_iter().unzip();
    // Locked by key, as those who note lock them: they wait for each other in one direction only.
    let sql = "WITH locked AS (
                   SELECT jobs.kind, jobs.subject FROM jobs
                   JOIN unnest($2::text[], $3::text[], $4::bigint[]) AS completed (kind, subject, generation)
                        ON jobs.kind = completed.kind AND jobs.subject = completed.subject AND jobs.generation = completed.generation
                   WHERE jobs.tenant = $1 ORDER BY jobs.kind, jobs.subject FOR UPDATE OF jobs)
               DELETE FROM jobs USING locked
               WHERE jobs.tenant = $1 AND jobs.kind = locked.kind AND jobs.subject = locked.subject
               RETURNING jobs.generation";
    let rows = work.doing(WRITING).rows(sql, &[&tenant.as_str(), &kinds, &subjects, &counts]).await?;
    let mut highest = 0;
    for row in rows {
        highest = highest.max(row.try_get::<_, i64>(0).map_err(failed(WRITING))?);
    }
    Ok(highest)
}

/// What is due at `now`, or ever, the oldest first. The limit is counted here, so that rows of other kinds do not use
/// it up.
pub(super) async fn due(
    work: &Work<'_>,
    now: Option<DateTime<Utc>>,
    limit: usize,
) -> Result<Vec<TenantJob>, StoreError> {
    let sql = "SELECT tenant, kind, subject, due_at, generation, tries FROM jobs
               WHERE due_at <= $1 AND (due_at, tenant, kind, subject) > ($2::bigint, $3::text, $4::text, $5::text)
               ORDER BY due_at, tenant, kind, subject LIMIT $6";
    let now = now.map_or(i64::MAX, kept::due_micros);
    let mut found = Vec::new();
    let mut after = (i64::MIN, String::new(), String::new(), String::new());
    while found.len() < limit {
        let page = i64::try_from(limit.saturating_sub(found.len())).unwrap_or(PAGE).min(PAGE);
        let (at, tenant, kind, subject) = &after;
        let rows = work.doing(READING).rows(sql, &[&now, at, tenant, kind, subject, &page]).await?;
        for row in &rows {
            found.extend(due::read(row, Damaged::Skip)?);
        }
        let Some(last) = rows.last() else { break };
        after = key(last).map_err(failed(READING))?;
    }
    Ok(found)
}

fn key(row: &Row) -> Result<(i64, String, String, String), tokio_postgres::Error> {
    Ok((row.try_get("due_at")?, row.try_get("tenant")?, row.try_get("kind")?, row.try_get("subject")?))
}

/// What a tenant has due about a location.
pub(super) async fn of_location(
    work: &Work<'_>,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<Vec<Job>, StoreError> {
    let sql = "SELECT tenant, kind, subject, due_at, generation, tries FROM jobs
               WHERE tenant = $1 AND location = $2 ORDER BY due_at, kind, subject";
    let rows = work.doing(READING).rows(sql, &[&tenant.as_str(), &location.as_str()]).await?;
    let found = rows.iter().map(|row| due::read(row, Damaged::Tell)).filter_map(Result::transpose);
    found.map(|found| found.map(|found| found.job)).collect()
}
