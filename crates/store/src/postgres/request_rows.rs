//! Requests to Apple.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    id::LocationId,
    seats::{EventId, Request, RequestNumber},
};
use mdm_vpp_ports::{Requests, StoreError};

use super::{failure::too_large, work::Work};
use crate::rows::{document::json, talk};

const READING: &str = "reading the requests of a location";
const WRITING: &str = "writing the requests of a location";

/// Inserts or replaces requests; of two with the same number the last counts.
pub(super) async fn put(
    work: &Work<'_>,
    location: &LocationId,
    requests: &[Request],
) -> Result<(), StoreError> {
    let mut rows: BTreeMap<i64, &Request> = BTreeMap::new();
    for request in requests {
        rows.insert(i64::try_from(request.number.0).map_err(too_large(WRITING))?, request);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i64> = rows.keys().copied().collect();
    let open: Vec<bool> = rows.values().map(|request| request.is_open()).collect();
    let events: Vec<Option<&str>> =
        rows.values().map(|request| request.event_id().map(EventId::as_str)).collect();
    let documents = rows.into_values().map(json).collect::<Result<Vec<_>, _>>()?;
    let sql = "INSERT INTO requests (location, number, open, event_id, document)
               SELECT $1, number, open, event_id, document
               FROM unnest($2::bigint[], $3::boolean[], $4::text[], $5::text[])
                    AS put (number, open, event_id, document)
               ON CONFLICT (location, number) DO UPDATE SET
                   open = excluded.open,
                   event_id = excluded.event_id,
                   document = excluded.document";
    work.doing(WRITING)
        .change(sql, &[&location.as_str(), &numbers, &open, &events, &documents])
        .await
        .map(drop)
}

/// Deletes those before a number that await no answer.
pub(super) async fn forget(
    work: &Work<'_>,
    location: &LocationId,
    before: Option<RequestNumber>,
) -> Result<(), StoreError> {
    let Some(before) = before else { return Ok(()) };
    let before = i64::try_from(before.0).unwrap_or(i64::MAX);
    let sql = "DELETE FROM requests WHERE location = $1 AND number < $2 AND NOT open";
    work.doing(WRITING).change(sql, &[&location.as_str(), &before]).await.map(drop)
}

/// The requests that a transaction asks for, by number.
pub(super) async fn load(
    work: &Work<'_>,
    location: &LocationId,
    requests: &Requests,
) -> Result<Vec<Request>, StoreError> {
    let doing = work.doing(READING);
    let rows = match requests {
        Requests::None => Vec::new(),
        Requests::One(number) => {
            // No row has a number that its column cannot hold.
            let Ok(number) = i64::try_from(number.0) else { return Ok(Vec::new()) };
            let sql = "SELECT location, number, document FROM requests WHERE location = $1 AND number = $2";
            doing.rows(sql, &[&location.as_str(), &number]).await?
        }
        Requests::Open => {
            let sql = "SELECT location, number, document FROM requests
                       WHERE location = $1 AND open ORDER BY number";
            doing.rows(sql, &[&location.as_str()]).await?
        }
    };
    rows.iter().map(|row| talk::request(row)).collect()
}
