//! The store on SQLite: a file on one machine, for a product that brings no database of its own.

mod app_rows;
mod asset_rows;
mod audit_rows;
mod due_rows;
mod failure;
mod load;
mod open;
mod reading;
mod save;
mod schema;
mod secret_rows;
mod store;
mod token_rows;

pub use open::SqliteOptions;
pub use store::SqliteStore;
