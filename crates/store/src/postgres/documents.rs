//! Tables of documents on PostgreSQL: each is written with one statement over arrays, however many documents there are.

use std::collections::BTreeMap;

use mdm_vpp_ports::StoreError;
use serde::{Serialize, de::DeserializeOwned};
use tokio_postgres::{Row, types::ToSql};

use super::{
    driver::{rows_at_most, too_large},
    work::Work,
};
use crate::documents::{Column, Table, Value, json};

/// The values of a column, one for each row, with the type that SQL has to be told.
struct Array {
    sql_type: &'static str,
    values: Box<dyn ToSql + Sync + Send>,
}

impl Array {
    fn text(values: Vec<String>) -> Self {
        Self { sql_type: "text[]", values: Box::new(values) }
    }
}

impl<T> Column<T> {
    fn to_array<'t>(
        &self,
        of: impl Iterator<Item = &'t T>,
        doing: &'static str,
    ) -> Result<Array, StoreError> {
        Ok(match self.value {
            Value::Text(value) => Array::text(of.map(value).collect()),
            Value::OptionalText(value) => {
                let values: Vec<Option<String>> = of.map(value).collect();
                Array { sql_type: "text[]", values: Box::new(values) }
            }
            Value::Number(value) => {
                let values = of.map(|of| i64::try_from(value(of)).map_err(too_large(doing)));
                Array { sql_type: "bigint[]", values: Box::new(values.collect::<Result<Vec<_>, _>>()?) }
            }
            Value::Flag(value) => {
                Array { sql_type: "boolean[]", values: Box::new(of.map(value).collect::<Vec<bool>>()) }
            }
        })
    }
}

/// Inserts or replaces documents, each with its owner. Of two with the same key the last counts, because one statement
/// cannot write a row twice. A new row of a numbered table gets the next number.
pub(super) async fn put<'d, T: Serialize + DeserializeOwned + 'd, K: Ord>(
    work: &Work<'_>,
    table: &Table<T, K>,
    documents: impl IntoIterator<Item = (&'d str, &'d T)>,
) -> Result<(), StoreError> {
    let rows: BTreeMap<(&str, K), &T> = documents
        .into_iter()
        .map(|(owner, document)| ((owner, (table.key_of)(document)), document))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut arrays = vec![Array::text(rows.keys().map(|(owner, _)| (*owner).to_owned()).collect())];
    for column in table.key {
        arrays.push(column.to_array(rows.keys().map(|(_, key)| key), table.writing)?);
    }
    for column in table.extra {
        arrays.push(column.to_array(rows.values().copied(), table.writing)?);
    }
    arrays.push(Array::text(rows.values().map(json).collect::<Result<_, _>>()?));
    let types: Vec<&str> = arrays.iter().map(|array| array.sql_type).collect();
    let parameters: Vec<&(dyn ToSql + Sync)> =
        arrays.iter().map(|array| &*array.values as &(dyn ToSql + Sync)).collect();
    let doing = work.doing(table.writing);
    if table.number.is_none() {
        return doing.change(&upsert_statement(table, &types), &parameters).await.map(drop);
    }
    // An INSERT with ON CONFLICT would draw a number for each row even when it changes nothing, until none is left. No
    // other transaction inserts rows meanwhile, because the tenant is locked.
    let updated = doing.change(&update_statement(table, &types), &parameters).await?;
    if usize::try_from(updated).is_ok_and(|updated| updated == rows.len()) {
        return Ok(());
    }
    doing.change(&insert_missing_statement(table, &types), &parameters).await.map(drop)
}

/// The rows to put, as a table of the statement.
fn put_rows<T: Serialize + DeserializeOwned, K: Ord>(table: &Table<T, K>, types: &[&str]) -> String {
    let arrays: Vec<String> =
        (1..).zip(types).map(|(number, sql_type)| format!("${number}::{sql_type}")).collect();
    format!("unnest({}) AS put ({})", arrays.join(", "), columns(table).join(", "))
}

fn columns<T: Serialize + DeserializeOwned, K: Ord>(table: &Table<T, K>) -> Vec<&'static str> {
    [table.key_columns(), table.replaced_columns()].concat()
}

/// Assignments of the columns that are replaced, from another table of the statement.
fn assignments<T: Serialize + DeserializeOwned, K: Ord>(table: &Table<T, K>, from: &str) -> String {
    let columns = table.replaced_columns();
    columns.iter().map(|column| format!("{column} = {from}.{column}")).collect::<Vec<_>>().join(", ")
}

/// The condition that a row of the table has the key of a row to put.
fn same_key<T: Serialize + DeserializeOwned, K: Ord>(table: &Table<T, K>) -> String {
    let columns = table.key_columns();
    columns
        .iter()
        .map(|column| format!("{}.{column} = put.{column}", table.name))
        .collect::<Vec<_>>()
        .join(" AND ")
}

fn upsert_statement<T: Serialize + DeserializeOwned, K: Ord>(table: &Table<T, K>, types: &[&str]) -> String {
    format!(
        "INSERT INTO {} ({}) SELECT * FROM {} ON CONFLICT ({}) DO UPDATE SET {}",
        table.name,
        columns(table).join(", "),
        put_rows(table, types),
        table.key_columns().join(", "),
        assignments(table, "excluded")
    )
}

fn update_statement<T: Serialize + DeserializeOwned, K: Ord>(table: &Table<T, K>, types: &[&str]) -> String {
    let (put, sets) = (put_rows(table, types), assignments(table, "put"));
    format!("UPDATE {} SET {sets} FROM {put} WHERE {}", table.name, same_key(table))
}

fn insert_missing_statement<T: Serialize + DeserializeOwned, K: Ord>(
    table: &Table<T, K>,
    types: &[&str],
) -> String {
    format!(
        "INSERT INTO {name} ({columns}) SELECT put.* FROM {put}
         WHERE NOT EXISTS (SELECT 1 FROM {name} WHERE {same})",
        name = table.name,
        columns = columns(table).join(", "),
        put = put_rows(table, types),
        same = same_key(table)
    )
}

/// The rows of all documents of an owner.
pub(super) async fn rows_of<T: Serialize + DeserializeOwned, K: Ord>(
    work: &Work<'_>,
    table: &Table<T, K>,
    owner: &str,
) -> Result<Vec<Row>, StoreError> {
    let sql = format!("SELECT {} FROM {} WHERE {} = $1", table.selected(), table.name, table.owner);
    work.doing(table.reading).rows(&sql, &[&owner]).await
}

/// The rows of the documents of an owner under these keys, as far as they exist.
pub(super) async fn rows_under<'k, T: Serialize + DeserializeOwned, K: Ord + 'k>(
    work: &Work<'_>,
    table: &Table<T, K>,
    owner: &str,
    keys: impl Iterator<Item = &'k K> + Clone,
) -> Result<Vec<Row>, StoreError> {
    select_under(work, table, &table.selected(), owner, keys).await
}

/// Some columns of the rows of an owner under these keys.
pub(super) async fn select_under<'k, T: Serialize + DeserializeOwned, K: Ord + 'k>(
    work: &Work<'_>,
    table: &Table<T, K>,
    selected: &str,
    owner: &str,
    keys: impl Iterator<Item = &'k K> + Clone,
) -> Result<Vec<Row>, StoreError> {
    if keys.clone().next().is_none() {
        return Ok(Vec::new());
    }
    let mut arrays = Vec::new();
    for column in table.key {
        arrays.push(column.to_array(keys.clone(), table.reading)?);
    }
    let names: Vec<&str> = table.key.iter().map(|column| column.name).collect();
    let sql = match names.as_slice() {
        // The server searches the index for each value. It might read the whole table for a join.
        [name] => {
            format!("SELECT {selected} FROM {} WHERE {} = $1 AND {name} = ANY($2)", table.name, table.owner)
        }
        names => {
            let unnested: Vec<String> =
                (2..).zip(&arrays).map(|(number, array)| format!("${number}::{}", array.sql_type)).collect();
            let names = names.join(", ");
            format!(
                "SELECT {selected} FROM {} JOIN unnest({}) AS these ({names}) USING ({names}) WHERE {} = $1",
                table.name,
                unnested.join(", "),
                table.owner
            )
        }
    };
    let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&owner];
    parameters.extend(arrays.iter().map(|array| &*array.values as &(dyn ToSql + Sync)));
    work.doing(table.reading).rows(&sql, &parameters).await
}

/// All documents of an owner.
pub(super) async fn load_all<T: Serialize + DeserializeOwned, K: Ord>(
    work: &Work<'_>,
    table: &Table<T, K>,
    owner: &str,
) -> Result<BTreeMap<K, T>, StoreError> {
    read(table, &rows_of(work, table, owner).await?)
}

/// The documents of an owner under these keys, as far as they exist.
pub(super) async fn load_these<'k, T: Serialize + DeserializeOwned, K: Ord + 'k>(
    work: &Work<'_>,
    table: &Table<T, K>,
    owner: &str,
    keys: impl Iterator<Item = &'k K> + Clone,
) -> Result<BTreeMap<K, T>, StoreError> {
    read(table, &rows_under(work, table, owner, keys).await?)
}

/// The first documents of an owner that have a flag, by key. The partial index of the flag serves it.
pub(super) async fn load_flagged<T: Serialize + DeserializeOwned, K: Ord>(
    work: &Work<'_>,
    table: &Table<T, K>,
    owner: &str,
    flag: &Column<T>,
    limit: usize,
) -> Result<BTreeMap<K, T>, StoreError> {
    let (selected, key) = (table.selected(), table.key_columns().join(", "));
    let sql = format!(
        "SELECT {selected} FROM {} WHERE {} = $1 AND {} ORDER BY {key} LIMIT $2",
        table.name, table.owner, flag.name
    );
    read(table, &work.doing(table.reading).rows(&sql, &[&owner, &rows_at_most(limit)]).await?)
}

/// Deletes all documents of an owner.
pub(super) async fn delete_all<T: Serialize + DeserializeOwned, K: Ord>(
    work: &Work<'_>,
    table: &Table<T, K>,
    owner: &str,
) -> Result<(), StoreError> {
    let sql = format!("DELETE FROM {} WHERE {} = $1", table.name, table.owner);
    work.doing(table.writing).change(&sql, &[&owner]).await.map(drop)
}

/// Rows as documents.
pub(super) fn read<T: Serialize + DeserializeOwned, K: Ord>(
    table: &Table<T, K>,
    rows: &[Row],
) -> Result<BTreeMap<K, T>, StoreError> {
    rows.iter().map(|row| table.read(row)).collect()
}
