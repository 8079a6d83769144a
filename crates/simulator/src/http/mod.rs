//! The HTTP face: the same answers on a socket, with the faults that only a transport can have.

mod body;
mod connection;
mod deliverer;
mod face;
mod listening;
mod post;
mod server;

pub use server::SimulatorServer;

pub(crate) use body::read as read_body;
pub(crate) use listening::Listening;
