//! The store in memory: the twin of the database stores, for tests and trials.

mod due;
mod heard;
mod leases;
mod load;
mod load_talk;
mod rows;
mod save;
mod save_talk;
mod save_tokens;
mod seat_rows;
mod store;
mod talk_rows;

pub use store::MemoryStore;
