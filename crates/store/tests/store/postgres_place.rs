//! A schema of its own for each test, on the server that the tests share.

use std::{
    process,
    sync::atomic::{AtomicU32, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use mdm_vpp_store::postgres::{PostgresOptions, PostgresStore, SchemaName};
use postgres_for_tests::Server;
use tokio_postgres::{Client, NoTls};

use crate::keys::ring;

pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) schema: SchemaName,
}

impl Place {
    /// A schema that is not there yet, on the server that the tests share. Without a server the test fails.
    pub(crate) fn new() -> Self {
        let server = Server::shared().unwrap_or_else(|trouble| panic!("{trouble}"));
        Self::on(&server)
    }

    pub(crate) fn on(server: &Server) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let schema = SchemaName::new(format!("t{now}_{}_{number}", process::id())).unwrap();
        Self { url: server.url().to_owned(), schema }
    }

    pub(crate) fn options(&self) -> PostgresOptions {
        PostgresOptions::parse(&self.url).unwrap().schema(self.schema.clone())
    }

    pub(crate) async fn open(&self) -> PostgresStore {
        self.options().open(ring()).await.unwrap()
    }

    /// A connection that is in the schema.
    pub(crate) async fn client(&self) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("SET search_path = \"{}\"", self.schema)).await.unwrap();
        client
    }

    /// The tables of the schema, by name.
    pub(crate) async fn tables(&self) -> Vec<String> {
        let sql = "SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY tablename";
        let rows = self.client().await.query(sql, &[&self.schema.as_str()]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}
