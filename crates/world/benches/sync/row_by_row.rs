//! The baseline: seats written row by row, into a table of the same kind, in one transaction and in one for each row.

use rusqlite::Connection;
use tokio_postgres::NoTls;

use mdm_vpp_world::BoxError;

use crate::{
    measured::{Cost, measured},
    stores::{Database, Kind},
};

const TABLE: &str = "CREATE TABLE plain (pool INTEGER NOT NULL, holder TEXT NOT NULL, desired TEXT NOT NULL,
                                         observed TEXT NOT NULL, touched_at BIGINT NOT NULL,
                                         PRIMARY KEY (pool, holder))";

/// Writes rows, all in one transaction or each in its own; the answer is the cost.
pub(crate) async fn write(database: &Database, rows: usize, each: bool) -> Result<Cost, BoxError> {
    match database.kind {
        Kind::Sqlite => {
            let path = database.file().ok_or("no file")?;
            let (written, cost) = measured(async { into_sqlite(&Connection::open(path)?, rows, each) }).await;
            written.map(|()| cost)
        }
        Kind::Postgres => {
            let (client, connection) =
                tokio_postgres::connect(database.url().ok_or("no server")?, NoTls).await?;
            let connection = tokio::spawn(connection);
            let (written, cost) = measured(into_postgres(&client, rows, each)).await;
            connection.abort();
            written.map(|()| cost)
        }
    }
}

fn holder(row: usize) -> String {
    format!("d{row:012}")
}

fn into_sqlite(connection: &Connection, rows: usize, each: bool) -> Result<(), BoxError> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(&format!("DROP TABLE IF EXISTS plain; {TABLE} WITHOUT ROWID;"))?;
    let mut insert = connection.prepare("INSERT INTO plain VALUES (?1, ?2, 'f', 'p', 1)")?;
    if !each {
        connection.execute_batch("BEGIN IMMEDIATE")?;
    }
    for row in 0..rows {
        insert.execute((i64::try_from(row % 500)?, holder(row)))?;
    }
    if !each {
        connection.execute_batch("COMMIT")?;
    }
    Ok(())
}

async fn into_postgres(client: &tokio_postgres::Client, rows: usize, each: bool) -> Result<(), BoxError> {
    client.batch_execute(&format!("DROP TABLE IF EXISTS plain; {TABLE};")).await?;
    let insert = client.prepare("INSERT INTO plain VALUES ($1, $2, 'f', 'p', 1)").await?;
    if !each {
        client.batch_execute("BEGIN").await?;
    }
    for row in 0..rows {
        client.execute(&insert, &[&i32::try_from(row % 500)?, &holder(row)]).await?;
    }
    if !each {
        client.batch_execute("COMMIT").await?;
    }
    Ok(())
}
