//! The row of a location's talk, and the pages of the walk that is under way.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    id::LocationId,
    location::{FullReadPage, LocationState},
};
use mdm_vpp_ports::StoreError;

use super::work::Work;
use crate::rows::{document::json, talk};

const READING: &str = "reading the talk about a location";
const WRITING: &str = "writing the talk about a location";

/// Inserts or replaces the row of a talk.
pub(super) async fn put(work: &Work<'_>, talk: &LocationState) -> Result<(), StoreError> {
    let sql = "INSERT INTO location_states (location, document) VALUES ($1, $2)
               ON CONFLICT (location) DO UPDATE SET document = excluded.document";
    work.doing(WRITING).change(sql, &[&talk.location.as_str(), &json(talk)?]).await.map(drop)
}

/// The row of a talk; a new one when nothing was talked yet.
pub(super) async fn load(work: &Work<'_>, location: &LocationId) -> Result<LocationState, StoreError> {
    let sql = "SELECT location, document FROM location_states WHERE location = $1";
    match work.doing(READING).row(sql, &[&location.as_str()]).await? {
        Some(row) => talk::talk(location, &row),
        None => Ok(LocationState::new(location.clone())),
    }
}

/// Deletes the pages that are kept.
pub(super) async fn forget_pages(work: &Work<'_>, location: &LocationId) -> Result<(), StoreError> {
    let sql = "DELETE FROM full_read_pages WHERE location = $1";
    work.doing(WRITING).change(sql, &[&location.as_str()]).await.map(drop)
}

/// Inserts or replaces pages; of two with the same number the last counts.
pub(super) async fn put_pages(
    work: &Work<'_>,
    location: &LocationId,
    pages: &[FullReadPage],
) -> Result<(), StoreError> {
    let pages: BTreeMap<u32, &FullReadPage> = pages.iter().map(|page| (page.page, page)).collect();
    if pages.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i64> = pages.keys().map(|page| i64::from(*page)).collect();
    let documents = pages.into_values().map(json).collect::<Result<Vec<_>, _>>()?;
    let sql = "INSERT INTO full_read_pages (location, page, document)
               SELECT $1, page, document FROM unnest($2::bigint[], $3::text[]) AS put (page, document)
               ON CONFLICT (location, page) DO UPDATE SET document = excluded.document";
    work.doing(WRITING).change(sql, &[&location.as_str(), &numbers, &documents]).await.map(drop)
}

/// The pages that are kept, by page.
pub(super) async fn load_pages(
    work: &Work<'_>,
    location: &LocationId,
) -> Result<Vec<FullReadPage>, StoreError> {
    let sql = "SELECT location, page, document FROM full_read_pages WHERE location = $1 ORDER BY page";
    let rows = work.doing(READING).rows(sql, &[&location.as_str()]).await?;
    rows.iter().map(|row| talk::page(row)).collect()
}
