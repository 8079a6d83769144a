//! The checks, one function for each promise. Each takes a fresh stage.

mod assets;
mod claims;
mod errors;
mod listed;
mod pages;
mod replies;
mod tokens;

pub use assets::*;
pub use claims::*;
pub use errors::*;
pub use pages::*;
pub use replies::*;
pub use tokens::*;
