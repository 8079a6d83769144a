//! The store on SQLite: a file on one machine, for a product that brings no database of its own.

mod admission_rows;
mod app_rows;
mod audit_rows;
mod columns;
mod due_rows;
mod failure;
mod heard_rows;
mod lease_rows;
mod load;
mod load_seats;
mod load_talk;
mod open;
mod pool_numbers;
mod pool_rows;
mod port;
mod request_rows;
mod save;
mod save_talk;
mod schema;
mod seat_rows;
mod secret_rows;
mod store;
mod talk_rows;
mod token_rows;
mod user_rows;
mod waiting_rows;

pub use open::SqliteOptions;
pub use store::SqliteStore;
