//! Tables of documents on SQLite.

use std::collections::BTreeMap;

use mdm_vpp_ports::StoreError;
use rusqlite::{Params, Transaction, params, params_from_iter, types};
use serde::{Serialize, de::DeserializeOwned};

use super::driver::{failed, rows_at_most, too_large};
use crate::documents::{Column, Table, Value, json};

impl<T> Column<T> {
    /// The value of the column as SQLite stores it.
    fn to_sqlite(&self, of: &T, doing: &'static str) -> Result<types::Value, StoreError> {
        Ok(match self.value {
            Value::Text(value) => value(of).into(),
            Value::OptionalText(value) => value(of).into(),
            Value::Number(value) => i64::try_from(value(of)).map_err(too_large(doing))?.into(),
            Value::Flag(value) => i64::from(value(of)).into(),
        })
    }
}

/// Inserts or replaces documents of an owner. A new row of a numbered table gets the next number.
pub(super) fn put<'d, T: Serialize + DeserializeOwned + 'd, K: Ord>(
    transaction: &Transaction<'_>,
    table: &Table<T, K>,
    owner: &str,
    documents: impl IntoIterator<Item = &'d T>,
) -> Result<(), StoreError> {
    let mut documents = documents.into_iter().peekable();
    if documents.peek().is_none() {
        return Ok(());
    }
    let failed = failed(table.writing);
    let mut statement = transaction.prepare_cached(&put_statement(table)).map_err(failed)?;
    for document in documents {
        let key = (table.key_of)(document);
        let mut values: Vec<types::Value> = vec![owner.to_owned().into()];
        for column in table.key {
            values.push(column.to_sqlite(&key, table.writing)?);
        }
        for column in table.extra {
            values.push(column.to_sqlite(document, table.writing)?);
        }
        values.push(json(document)?.into());
        statement.execute(params_from_iter(values)).map_err(failed)?;
    }
    Ok(())
}

fn put_statement<T: Serialize + DeserializeOwned, K: Ord>(table: &Table<T, K>) -> String {
    let (name, key, replaced) = (table.name, table.key_columns(), table.replaced_columns());
    let mut columns = [key.clone(), replaced.clone()].concat();
    let mut values: Vec<String> = (1..=columns.len()).map(|number| format!("?{number}")).collect();
    if let Some(number) = table.number {
        // The transaction has the write lock already, so no other one draws the same number.
        values.push(format!("(SELECT COALESCE(MAX({number}), 0) + 1 FROM {name})"));
        columns.push(number);
    }
    let sets: Vec<String> = replaced.iter().map(|column| format!("{column} = excluded.{column}")).collect();
    format!(
        "INSERT INTO {name} ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}",
        columns.join(", "),
        values.join(", "),
        key.join(", "),
        sets.join(", ")
    )
}

/// All documents of an owner.
pub(super) fn load_all<T: Serialize + DeserializeOwned, K: Ord>(
    transaction: &Transaction<'_>,
    table: &Table<T, K>,
    owner: &str,
) -> Result<BTreeMap<K, T>, StoreError> {
    let sql = format!("SELECT {} FROM {} WHERE {} = ?1", table.selected(), table.name, table.owner);
    select(transaction, table, &sql, params![owner])
}

/// The documents of an owner under these keys, as far as they exist.
pub(super) fn load_these<'k, T: Serialize + DeserializeOwned, K: Ord + 'k>(
    transaction: &Transaction<'_>,
    table: &Table<T, K>,
    owner: &str,
    keys: impl IntoIterator<Item = &'k K>,
) -> Result<BTreeMap<K, T>, StoreError> {
    let conditions: Vec<String> =
        (1..).zip(table.key_columns()).map(|(number, column)| format!("{column} = ?{number}")).collect();
    let sql = format!("SELECT {} FROM {} WHERE {}", table.selected(), table.name, conditions.join(" AND "));
    let mut found = BTreeMap::new();
    for key in keys {
        let mut values: Vec<types::Value> = vec![owner.to_owned().into()];
        for column in table.key {
            values.push(column.to_sqlite(key, table.reading)?);
        }
        found.extend(select(transaction, table, &sql, params_from_iter(values))?);
    }
    Ok(found)
}

/// The first documents of an owner that have a flag, by key. The partial index of the flag serves it.
pub(super) fn load_flagged<T: Serialize + DeserializeOwned, K: Ord>(
    transaction: &Transaction<'_>,
    table: &Table<T, K>,
    owner: &str,
    flag: &Column<T>,
    limit: usize,
) -> Result<BTreeMap<K, T>, StoreError> {
    let sql = format!(
        "SELECT {} FROM {} WHERE {} = ?1 AND {} = 1 ORDER BY {} LIMIT ?2",
        table.selected(),
        table.name,
        table.owner,
        flag.name,
        table.key_columns().join(", ")
    );
    select(transaction, table, &sql, params![owner, rows_at_most(limit)])
}

/// Deletes all documents of an owner.
pub(super) fn delete_all<T: Serialize + DeserializeOwned, K: Ord>(
    transaction: &Transaction<'_>,
    table: &Table<T, K>,
    owner: &str,
) -> Result<(), StoreError> {
    let sql = format!("DELETE FROM {} WHERE {} = ?1", table.name, table.owner);
    let deleted =
        transaction.prepare_cached(&sql).and_then(|mut statement| statement.execute(params![owner]));
    deleted.map(drop).map_err(failed(table.writing))
}

/// The documents that a statement of our own selects.
pub(super) fn select<T: Serialize + DeserializeOwned, K: Ord>(
    transaction: &Transaction<'_>,
    table: &Table<T, K>,
    sql: &str,
    params: impl Params,
) -> Result<BTreeMap<K, T>, StoreError> {
    super::driver::select(transaction, table.reading, sql, params, |row| table.read(row))
}
