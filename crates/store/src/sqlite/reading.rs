//! Reading the columns of a row, which somebody may have damaged by hand.

use chrono::{DateTime, Utc};
use mdm_vpp_core::printable_text;
use mdm_vpp_ports::StoreError;
use rusqlite::{Row, types::ValueRef};
use serde::de::DeserializeOwned;

/// A row that is read. It knows its table and its key, so that what cannot be read is named.
pub(super) struct Reading<'r> {
    table: &'static str,
    key: &'static [&'static str],
    row: &'r Row<'r>,
}

impl<'r> Reading<'r> {
    /// A row of a table; the columns of its key have to be among those that were selected.
    pub(super) const fn new(table: &'static str, key: &'static [&'static str], row: &'r Row<'r>) -> Self {
        Self { table, key, row }
    }

    /// A column that holds text.
    pub(super) fn text(&self, column: &'static str) -> Result<&'r str, StoreError> {
        match self.row.get_ref(column) {
            Ok(ValueRef::Text(bytes)) => {
                std::str::from_utf8(bytes).map_err(|_| self.unreadable(column, "is not UTF-8"))
            }
            Ok(_) => Err(self.unreadable(column, "is not text")),
            Err(error) => Err(self.unreadable(column, error)),
        }
    }

    /// A column that holds text of a certain form.
    pub(super) fn parsed<T, E: std::fmt::Display>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&'r str) -> Result<T, E>,
    ) -> Result<T, StoreError> {
        parse(self.text(column)?).map_err(|error| self.unreadable(column, error))
    }

    /// A column that holds a time.
    pub(super) fn time(&self, column: &'static str) -> Result<DateTime<Utc>, StoreError> {
        self.parsed(column, DateTime::parse_from_rfc3339).map(|at| at.to_utc())
    }

    /// A column that holds a JSON document.
    pub(super) fn document<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        self.parsed(column, serde_json::from_str)
    }

    /// A column that holds a JSON document or nothing.
    pub(super) fn optional_document<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        match self.row.get_ref(column) {
            Ok(ValueRef::Null) => Ok(None),
            _ => self.document(column).map(Some),
        }
    }

    /// A column that holds a whole number.
    pub(super) fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, StoreError> {
        match self.row.get_ref(column) {
            Ok(ValueRef::Integer(number)) => {
                T::try_from(number).map_err(|_| self.unreadable(column, "is out of range"))
            }
            Ok(_) => Err(self.unreadable(column, "is not a whole number")),
            Err(error) => Err(self.unreadable(column, error)),
        }
    }

    /// Refuses a document that is about another row than the one where it stands.
    pub(super) fn stands_at_its_key(&self, column: &'static str, holds: bool) -> Result<(), StoreError> {
        if holds { Ok(()) } else { Err(self.unreadable(column, "belongs to another row")) }
    }

    /// What is wrong with a column. The reason must not quote a secret.
    pub(super) fn unreadable(&self, column: &'static str, reason: impl std::fmt::Display) -> StoreError {
        let key: Vec<String> = self.key.iter().map(|name| format!("{name} {}", self.shown(name))).collect();
        StoreError::Unreadable {
            row: printable_text(&format!("{} ({})", self.table, key.join(", "))),
            reason: printable_text(&format!("column `{column}` {reason}")),
        }
    }

    fn shown(&self, column: &str) -> String {
        match self.row.get_ref(column) {
            Ok(ValueRef::Text(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            Ok(ValueRef::Integer(number)) => number.to_string(),
            _ => "?".to_owned(),
        }
    }
}
