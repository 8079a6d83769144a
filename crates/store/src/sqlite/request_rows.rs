//! Requests to Apple.

use mdm_vpp_core::{
    id::LocationId,
    seats::{EventId, Request, RequestNumber},
};
use mdm_vpp_ports::{Requests, StoreError};
use rusqlite::{Params, Transaction, params};

use super::failure::{failed, too_large};
use crate::rows::{document::json, talk};

const READING: &str = "reading the requests of a location";
const WRITING: &str = "writing the requests of a location";

/// Inserts or replaces requests.
pub(super) fn put(
    transaction: &Transaction<'_>,
    location: &LocationId,
    requests: &[Request],
) -> Result<(), StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "INSERT INTO requests (location, number, open, event_id, document) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (location, number) DO UPDATE SET
                 open = excluded.open,
                 event_id = excluded.event_id,
                 document = excluded.document",
        )
        .map_err(failed(WRITING))?;
    for request in requests {
        let number = i64::try_from(request.number.0).map_err(too_large(WRITING))?;
        let event_id = request.event_id().map(EventId::as_str);
        let open = i64::from(request.is_open());
        statement
            .execute(params![location.as_str(), number, open, event_id, json(request)?])
            .map_err(failed(WRITING))?;
    }
    Ok(())
}

/// Deletes those before a number that await no answer.
pub(super) fn forget(
    transaction: &Transaction<'_>,
    location: &LocationId,
    before: RequestNumber,
) -> Result<(), StoreError> {
    let before = i64::try_from(before.0).unwrap_or(i64::MAX);
    transaction
        .prepare_cached("DELETE FROM requests WHERE location = ?1 AND number < ?2 AND open = 0")
        .and_then(|mut statement| statement.execute(params![location.as_str(), before]))
        .map_err(failed(WRITING))?;
    Ok(())
}

/// The requests that a transaction asks for, by number.
pub(super) fn load(
    transaction: &Transaction<'_>,
    location: &LocationId,
    requests: &Requests,
) -> Result<Vec<Request>, StoreError> {
    match requests {
        Requests::None => Ok(Vec::new()),
        Requests::One(number) => {
            // No row has a number that its column cannot hold.
            let Ok(number) = i64::try_from(number.0) else { return Ok(Vec::new()) };
            let sql = "SELECT location, number, document FROM requests WHERE location = ?1 AND number = ?2";
            select(transaction, sql, params![location.as_str(), number])
        }
        Requests::Open => {
            let sql = "SELECT location, number, document FROM requests
                       WHERE location = ?1 AND open = 1 ORDER BY number";
            select(transaction, sql, params![location.as_str()])
        }
    }
}

fn select(transaction: &Transaction<'_>, sql: &str, params: impl Params) -> Result<Vec<Request>, StoreError> {
    let mut statement = transaction.prepare_cached(sql).map_err(failed(READING))?;
    let mut rows = statement.query(params).map_err(failed(READING))?;
    let mut requests = Vec::new();
    while let Some(row) = rows.next().map_err(failed(READING))? {
        requests.push(talk::request(row)?);
    }
    Ok(requests)
}
