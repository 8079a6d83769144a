//! What people do in Apple's portal, as methods of [`Simulator`](crate::Simulator).

mod assignments;
mod error;
mod licenses;
mod locations;
mod seats;
mod store;
mod tokens;
mod users;

pub use error::PortalError;
