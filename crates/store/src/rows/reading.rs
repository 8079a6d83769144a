//! Reading the columns of a row, which may have been damaged by hand or written by a later version.

use chrono::{DateTime, Utc};
use mdm_vpp_core::printable_text;
use mdm_vpp_ports::StoreError;
use serde::de::DeserializeOwned;

/// The content of a column, as the driver gives it.
pub(crate) enum Cell<'r> {
    /// NULL.
    Null,
    /// Text, whose bytes may be damaged.
    Text(&'r [u8]),
    /// A whole number.
    Whole(i64),
    /// A type that no column of ours has.
    Other,
}

/// A row of any driver.
pub(crate) trait Columns {
    /// The content of a column, or why the driver cannot tell it.
    fn cell(&self, column: &str) -> Result<Cell<'_>, String>;
}

/// A row that is read. It knows its table and its key, so that an error names the row.
pub(crate) struct Reading<'r> {
    table: &'static str,
    key: &'r [&'static str],
    row: &'r dyn Columns,
}

impl<'r> Reading<'r> {
    /// A row of a table. The columns of its key must be among the selected ones.
    pub(crate) const fn new(table: &'static str, key: &'r [&'static str], row: &'r dyn Columns) -> Self {
        Self { table, key, row }
    }

    /// A column that holds text.
    pub(crate) fn text(&self, column: &'static str) -> Result<&'r str, StoreError> {
        match self.row.cell(column) {
            Ok(Cell::Text(bytes)) => {
                std::str::from_utf8(bytes).map_err(|_| self.unreadable(column, "is not UTF-8"))
            }
            Ok(_) => Err(self.unreadable(column, "is not text")),
            Err(error) => Err(self.unreadable(column, error)),
        }
    }

    /// A column that holds text or NULL.
    pub(crate) fn optional_text(&self, column: &'static str) -> Result<Option<&'r str>, StoreError> {
        match self.row.cell(column) {
            Ok(Cell::Null) => Ok(None),
            _ => self.text(column).map(Some),
        }
    }

    /// A column that holds text of a certain form.
    pub(crate) fn parsed<T, E: std::fmt::Display>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&'r str) -> Result<T, E>,
    ) -> Result<T, StoreError> {
        parse(self.text(column)?).map_err(|error| self.unreadable(column, error))
    }

    /// A column that holds a time as RFC 3339.
    pub(crate) fn time(&self, column: &'static str) -> Result<DateTime<Utc>, StoreError> {
        self.parsed(column, DateTime::parse_from_rfc3339).map(|at| at.to_utc())
    }

    /// A column that holds a JSON document.
    pub(crate) fn document<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        self.parsed(column, serde_json::from_str)
    }

    /// A column that holds a JSON document or NULL.
    pub(crate) fn optional_document<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        match self.row.cell(column) {
            Ok(Cell::Null) => Ok(None),
            _ => self.document(column).map(Some),
        }
    }

    /// A column that holds a whole number.
    pub(crate) fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        match self.row.cell(column) {
            Ok(Cell::Whole(number)) => {
                T::try_from(number).map_err(|_| self.unreadable(column, "is out of range"))
            }
            Ok(_) => Err(self.unreadable(column, "is not a whole number")),
            Err(error) => Err(self.unreadable(column, error)),
        }
    }

    /// A column that holds a whole number or NULL.
    pub(crate) fn optional_number<T: TryFrom<i64>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        match self.row.cell(column) {
            Ok(Cell::Null) => Ok(None),
            _ => self.number(column).map(Some),
        }
    }

    /// A column that holds a time in microseconds since 1970, UTC.
    pub(crate) fn micros(&self, column: &'static str) -> Result<DateTime<Utc>, StoreError> {
        DateTime::from_timestamp_micros(self.number(column)?)
            .ok_or_else(|| self.unreadable(column, "is no time"))
    }

    /// Refuses a document that stands in the row of another one.
    pub(crate) fn stands_at_its_key(&self, column: &'static str, holds: bool) -> Result<(), StoreError> {
        if holds { Ok(()) } else { Err(self.unreadable(column, "belongs to another row")) }
    }

    /// The error for a column. The reason must not quote a secret, and control characters of a damaged key must not
    /// forge lines of a log.
    pub(crate) fn unreadable(&self, column: &'static str, reason: impl std::fmt::Display) -> StoreError {
        let key: Vec<String> = self.key.iter().map(|name| format!("{name} {}", self.shown(name))).collect();
        StoreError::Unreadable {
            row: printable_text(&format!("{} ({})", self.table, key.join(", "))),
            reason: printable_text(&format!("column `{column}` {reason}")),
        }
    }

    fn shown(&self, column: &str) -> String {
        match self.row.cell(column) {
            Ok(Cell::Text(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            Ok(Cell::Whole(number)) => number.to_string(),
            _ => "?".to_owned(),
        }
    }
}
