//! The checks, one function for each promise. Each takes a fresh fixture.

mod calls;
mod events;
mod listed;
mod lists;

pub use calls::*;
pub use events::*;
pub use lists::*;
