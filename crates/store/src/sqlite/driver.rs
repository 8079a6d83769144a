//! What the driver gives: rows whose columns may hold anything, and its errors.

use mdm_vpp_ports::StoreError;
use rusqlite::{ErrorCode, Params, Row, Transaction, types::ValueRef};

use crate::rows::{Cell, Columns};

impl Columns for Row<'_> {
    fn cell(&self, column: &str) -> Result<Cell<'_>, String> {
        match self.get_ref(column) {
            Ok(ValueRef::Null) => Ok(Cell::Null),
            Ok(ValueRef::Text(bytes)) => Ok(Cell::Text(bytes)),
            Ok(ValueRef::Integer(number)) => Ok(Cell::Whole(number)),
            Ok(_) => Ok(Cell::Other),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// The rows that a statement gives, each read by a function.
pub(super) fn select<T, C: Default + Extend<T>>(
    transaction: &Transaction<'_>,
    doing: &'static str,
    sql: &str,
    params: impl Params,
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<C, StoreError> {
    let mut statement = transaction.prepare_cached(sql).map_err(failed(doing))?;
    let mut rows = statement.query(params).map_err(failed(doing))?;
    let mut found = C::default();
    while let Some(row) = rows.next().map_err(failed(doing))? {
        found.extend([read(row)?]);
    }
    Ok(found)
}

/// Runs a statement that changes rows, and counts them.
pub(super) fn change(
    transaction: &Transaction<'_>,
    doing: &'static str,
    sql: &str,
    params: impl Params,
) -> Result<usize, StoreError> {
    transaction.prepare_cached(sql).and_then(|mut statement| statement.execute(params)).map_err(failed(doing))
}

/// Tells a busy database from a broken one.
pub(super) fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError + Copy {
    move |error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
        _ => StoreError::backend(doing, error),
    }
}

/// A number that does not fit into a column, whose numbers have 63 bits.
pub(super) fn too_large(doing: &'static str) -> impl Fn(std::num::TryFromIntError) -> StoreError + Copy {
    move |error| StoreError::backend(doing, error)
}

/// A limit as SQL takes it.
pub(super) fn rows_at_most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
