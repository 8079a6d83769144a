//! The store on PostgreSQL: many machines on one database, which the product may have already.

mod app_rows;
mod audit_rows;
mod columns;
mod connect;
mod due_rows;
mod failure;
mod heard_rows;
mod lease_rows;
mod load;
mod load_seats;
mod load_talk;
mod member_rows;
mod options;
mod place_error;
mod pool_numbers;
mod pool_rows;
mod port;
mod request_rows;
mod save;
mod save_talk;
mod schema;
mod schema_name;
mod seat_rows;
mod store;
mod talk_rows;
mod tenant_rows;
mod together;
mod token_rows;
mod waiting_rows;
mod work;

pub use connect::Connector;
pub use options::PostgresOptions;
pub use schema::{MIGRATIONS, Migration};
pub use schema_name::{SchemaName, SchemaNameError};
pub use store::PostgresStore;
