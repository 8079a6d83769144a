//! The store in memory: the twin of the database stores, for tests and trials.

mod due;
mod load;
mod rows;
mod save;
mod store;

pub use store::MemoryStore;
