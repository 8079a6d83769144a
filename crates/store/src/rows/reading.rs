//! Reading the columns of a row, which somebody may have damaged by hand.

use chrono::{DateTime, Utc};
use mdm_vpp_core::printable_text;
use mdm_vpp_ports::StoreError;
use serde::de::DeserializeOwned;

use super::{Column, Columns};

/// A row that is read. It knows its table and its key, so that what cannot be read is named.
pub(crate) struct Reading<'r> {
    table: &'static str,
    key: &'static [&'static str],
    row: &'r dyn Columns,
}

impl<'r> Reading<'r> {
    /// A row of a table; the columns of its key have to be among those that were selected.
    pub(crate) const fn new(table: &'static str, key: &'static [&'static str], row: &'r dyn Columns) -> Self {
        Self { table, key, row }
    }

    /// A column that holds text.
    pub(crate) fn text(&self, column: &'static str) -> Result<&'r str, StoreError> {
        match self.row.column(column) {
            Ok(Column::Text(bytes)) => {
                std::str::from_utf8(bytes).map_err(|_| self.unreadable(column, "is not UTF-8"))
            }
            Ok(_) => Err(self.unreadable(column, "is not text")),
            Err(error) => Err(self.unreadable(column, error)),
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

    /// A column that holds a time.
    pub(crate) fn time(&self, column: &'static str) -> Result<DateTime<Utc>, StoreError> {
        self.parsed(column, DateTime::parse_from_rfc3339).map(|at| at.to_utc())
    }

    /// A column that holds a JSON document.
    pub(crate) fn document<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        self.parsed(column, serde_json::from_str)
    }

    /// A column that holds a JSON document or nothing.
    pub(crate) fn optional_document<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        match self.row.column(column) {
            Ok(Column::Null) => Ok(None),
            _ => self.document(column).map(Some),
        }
    }

    /// A column that holds a whole number.
    pub(crate) fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        match self.row.column(column) {
            Ok(Column::Whole(number)) => {
                T::try_from(number).map_err(|_| self.unreadable(column, "is out of range"))
            }
            Ok(_) => Err(self.unreadable(column, "is not a whole number")),
            Err(error) => Err(self.unreadable(column, error)),
        }
    }

    /// A column that holds a whole number or nothing.
    pub(crate) fn optional_number<T: TryFrom<i64>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        match self.row.column(column) {
            Ok(Column::Null) => Ok(None),
            _ => self.number(column).map(Some),
        }
    }

    /// Refuses a document that is about another row than the one where it stands.
    pub(crate) fn stands_at_its_key(&self, column: &'static str, holds: bool) -> Result<(), StoreError> {
        if holds { Ok(()) } else { Err(self.unreadable(column, "belongs to another row")) }
    }

    /// What is wrong with a column. The reason must not quote a secret.
    pub(crate) fn unreadable(&self, column: &'static str, reason: impl std::fmt::Display) -> StoreError {
        let key: Vec<String> = self.key.iter().map(|name| format!("{name} {}", self.shown(name))).collect();
        StoreError::Unreadable {
            row: printable_text(&format!("{} ({})", self.table, key.join(", "))),
            reason: printable_text(&format!("column `{column}` {reason}")),
        }
    }

    fn shown(&self, column: &str) -> String {
        match self.row.column(column) {
            Ok(Column::Text(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            Ok(Column::Whole(number)) => number.to_string(),
            _ => "?".to_owned(),
        }
    }
}
