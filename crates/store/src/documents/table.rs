//! A table of documents, described once for all databases.

use mdm_vpp_ports::StoreError;
use serde::{Serialize, de::DeserializeOwned};

use crate::rows::{Columns, Reading};

/// A table whose rows are JSON documents, with the columns that SQL needs beside them.
///
/// Every row belongs to an owner, a tenant or a location, whose column begins the key. A driver writes all statements
/// of a table from these names, which are constants: no text that comes from outside is ever part of a statement.
pub(crate) struct Table<T: 'static, K: 'static> {
    pub(crate) name: &'static str,
    /// What the store is doing when a statement fails.
    pub(crate) reading: &'static str,
    pub(crate) writing: &'static str,
    /// The column of the owner, `tenant` or `location`.
    pub(crate) owner: &'static str,
    /// The owner that a document names; `None` for a document that does not name its owner.
    pub(crate) owner_of: fn(&T) -> Option<&str>,
    /// The columns of the key after the owner.
    pub(crate) key: &'static [Column<K>],
    pub(crate) key_of: fn(&T) -> K,
    /// Columns that repeat a part of the document, to search by.
    pub(crate) extra: &'static [Column<T>],
    /// A column with a number that the database draws for each new row, by which narrow tables name the row.
    pub(crate) number: Option<&'static str>,
}

/// A column whose value follows from a document or its key.
pub(crate) struct Column<T: 'static> {
    pub(crate) name: &'static str,
    pub(crate) value: Value<T>,
}

/// The type of a column, with the way to its value.
pub(crate) enum Value<T: 'static> {
    Text(fn(&T) -> String),
    OptionalText(fn(&T) -> Option<String>),
    Number(fn(&T) -> u64),
    Flag(fn(&T) -> bool),
}

impl<T> Column<T> {
    pub(crate) const fn text(name: &'static str, value: fn(&T) -> String) -> Self {
        Self { name, value: Value::Text(value) }
    }

    pub(crate) const fn optional_text(name: &'static str, value: fn(&T) -> Option<String>) -> Self {
        Self { name, value: Value::OptionalText(value) }
    }

    pub(crate) const fn number(name: &'static str, value: fn(&T) -> u64) -> Self {
        Self { name, value: Value::Number(value) }
    }

    /// A column that is true or false. SQLite has no such type and stores 1 or 0.
    pub(crate) const fn flag(name: &'static str, value: fn(&T) -> bool) -> Self {
        Self { name, value: Value::Flag(value) }
    }

    /// Whether a row has the value in this column.
    fn is_in(&self, reading: &Reading<'_>, of: &T) -> Result<bool, StoreError> {
        Ok(match self.value {
            Value::Text(value) => reading.text(self.name)? == value(of),
            Value::OptionalText(value) => reading.optional_text(self.name)? == value(of).as_deref(),
            Value::Number(value) => reading.number::<u64>(self.name)? == value(of),
            Value::Flag(value) => reading.number::<i64>(self.name)? == i64::from(value(of)),
        })
    }
}

impl<T: Serialize + DeserializeOwned, K: Ord> Table<T, K> {
    /// The columns of the key, the owner first.
    pub(crate) fn key_columns(&self) -> Vec<&'static str> {
        [self.owner].into_iter().chain(self.key.iter().map(|column| column.name)).collect()
    }

    /// The columns that a put replaces in a row that exists.
    pub(crate) fn replaced_columns(&self) -> Vec<&'static str> {
        self.extra.iter().map(|column| column.name).chain(["document"]).collect()
    }

    /// The columns that a document is read from.
    pub(crate) fn selected(&self) -> String {
        let columns = self.key_columns().into_iter().chain(["document"]).chain(self.number);
        columns.collect::<Vec<_>>().join(", ")
    }

    /// A row as its document. A document under the key of another one was put there by hand, and is refused: it would
    /// be saved under its own key later, so that two rows of one key would differ.
    pub(crate) fn read(&self, row: &dyn Columns) -> Result<(K, T), StoreError> {
        let names = self.key_columns();
        let reading = Reading::new(self.name, &names, row);
        let document: T = reading.document("document")?;
        let key = (self.key_of)(&document);
        let mut is_own = match (self.owner_of)(&document) {
            Some(owner) => reading.text(self.owner)? == owner,
            None => true,
        };
        for column in self.key {
            is_own = is_own && column.is_in(&reading, &key)?;
        }
        reading.stands_at_its_key("document", is_own)?;
        Ok((key, document))
    }
}

/// A value as the JSON text of its column.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::backend("writing a document", error))
}
