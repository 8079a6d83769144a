//! The checks, one function for each promise. Each takes a fresh stage.

mod asking;
mod listed;
mod shapes;
mod stores;

pub use asking::*;
pub use shapes::*;
pub use stores::*;
