//! Seats: where licenses are counted.

mod pool;

pub use pool::{Pool, PoolKey};
