//! The checks, one function for each promise. Each takes a fresh fixture.

mod assets;
mod listed;
mod replies;
mod tokens;

pub use assets::*;
pub use replies::*;
pub use tokens::*;
