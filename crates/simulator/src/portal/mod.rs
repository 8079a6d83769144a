//! What people do in Apple's portal, as methods of [`Simulator`](crate::Simulator).

mod error;
mod holders;
mod locations;
mod seats;

pub use error::PortalError;
