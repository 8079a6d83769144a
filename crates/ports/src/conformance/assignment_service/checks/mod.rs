//! The checks, one function for each promise. Each takes a fresh stage.

mod calls;
mod events;
mod listed;
mod lists;
mod refusals;
mod users;

pub use calls::*;
pub use events::*;
pub use lists::*;
pub use refusals::*;
pub use users::*;
