//! What people do in Apple's portal, as methods of [`Simulator`](crate::Simulator).

mod error;
mod licenses;
mod locations;
mod store;
mod tokens;

pub use error::PortalError;
