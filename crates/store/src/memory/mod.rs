//! The store in memory: the fake of the database stores, for tests and trials.

mod location_tables;
mod rows;
mod seat_rows;
mod store;
mod tenant_state;

pub use store::MemoryStore;
