//! The store on PostgreSQL: many machines on one database, which the product may have already.

mod connect;
mod connection;
mod documents;
mod driver;
mod job_rows;
mod lease_rows;
mod load;
mod notification_rows;
mod options;
mod pool_numbers;
mod save;
mod schema;
mod schema_name;
mod seat_rows;
mod store;
mod tenant_rows;
mod token_rows;
mod waitlist_rows;
mod work;

pub use self::{
    connect::Connector,
    options::PostgresOptions,
    schema::{MIGRATIONS, Migration},
    schema_name::{SchemaName, SchemaNameError},
    store::PostgresStore,
};
