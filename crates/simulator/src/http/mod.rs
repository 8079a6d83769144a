//! The HTTP server: the same answers on a socket, with the faults that only a transport can have.

mod delivery;
mod listening;
mod server;

pub use server::SimulatorServer;

pub(crate) use listening::Listening;
pub(crate) use server::read_body;
