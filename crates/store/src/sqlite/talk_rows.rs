//! The row of a location's talk, and the pages of the walk that is under way.

use mdm_vpp_core::{
    id::LocationId,
    location::{FullReadPage, LocationState},
};
use mdm_vpp_ports::StoreError;
use rusqlite::{Transaction, params};

use super::failure::failed;
use crate::rows::{self, document::json};

const READING: &str = "reading the talk about a location";
const WRITING: &str = "writing the talk about a location";

/// Inserts or replaces the row of a talk.
pub(super) fn put(transaction: &Transaction<'_>, talk: &LocationState) -> Result<(), StoreError> {
    let document = json(talk)?;
    transaction
        .prepare_cached(
            "INSERT INTO location_states (location, document) VALUES (?1, ?2)
             ON CONFLICT (location) DO UPDATE SET document = excluded.document",
        )
        .and_then(|mut statement| statement.execute(params![talk.location.as_str(), document]))
        .map_err(failed(WRITING))?;
    Ok(())
}

/// The row of a talk; a new one when nothing was talked yet.
pub(super) fn load(
    transaction: &Transaction<'_>,
    location: &LocationId,
) -> Result<LocationState, StoreError> {
    let mut statement = transaction
        .prepare_cached("SELECT location, document FROM location_states WHERE location = ?1")
        .map_err(failed(READING))?;
    let mut found = statement.query(params![location.as_str()]).map_err(failed(READING))?;
    let Some(row) = found.next().map_err(failed(READING))? else {
        return Ok(LocationState::new(location.clone()));
    };
    rows::talk::talk(location, row)
}

/// Deletes the pages that are kept.
pub(super) fn forget_pages(transaction: &Transaction<'_>, location: &LocationId) -> Result<(), StoreError> {
    transaction
        .prepare_cached("DELETE FROM full_read_pages WHERE location = ?1")
        .and_then(|mut statement| statement.execute(params![location.as_str()]))
        .map_err(failed(WRITING))?;
    Ok(())
}

/// Inserts or replaces pages.
pub(super) fn put_pages(
    transaction: &Transaction<'_>,
    location: &LocationId,
    pages: &[FullReadPage],
) -> Result<(), StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "INSERT INTO full_read_pages (location, page, document) VALUES (?1, ?2, ?3)
             ON CONFLICT (location, page) DO UPDATE SET document = excluded.document",
        )
        .map_err(failed(WRITING))?;
    for page in pages {
        statement.execute(params![location.as_str(), page.page, json(page)?]).map_err(failed(WRITING))?;
    }
    Ok(())
}

/// The pages that are kept, by page.
pub(super) fn load_pages(
    transaction: &Transaction<'_>,
    location: &LocationId,
) -> Result<Vec<FullReadPage>, StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "SELECT location, page, document FROM full_read_pages WHERE location = ?1 ORDER BY page",
        )
        .map_err(failed(READING))?;
    let mut found = statement.query(params![location.as_str()]).map_err(failed(READING))?;
    let mut pages = Vec::new();
    while let Some(row) = found.next().map_err(failed(READING))? {
        pages.push(rows::talk::page(row)?);
    }
    Ok(pages)
}
