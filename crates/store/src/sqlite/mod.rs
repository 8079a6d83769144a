//! The store on SQLite: a file on one machine, for a product that brings no database of its own.

mod documents;
mod driver;
mod job_rows;
mod lease_rows;
mod load;
mod notification_rows;
mod open;
mod pool_numbers;
mod save;
mod schema;
mod seat_rows;
mod store;
mod tenant_rows;
mod token_rows;
mod waitlist_rows;

pub use self::{open::SqliteOptions, store::SqliteStore};
