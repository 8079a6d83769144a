//! The checks, one function for each promise. Each takes a fresh store.

mod assets;
mod atomicity;
mod audit;
mod due;
mod listed;
mod many;
mod scopes;
mod secrets;
mod settling;
mod tenants;
mod token_rows;
mod token_rules;
mod turns;

pub use assets::*;
pub use atomicity::*;
pub use audit::*;
pub use due::*;
pub use many::*;
pub use scopes::*;
pub use secrets::*;
pub use settling::*;
pub use tenants::*;
pub use token_rows::*;
pub use token_rules::*;
pub use turns::*;
