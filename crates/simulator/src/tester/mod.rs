//! The tester's server: faults, portal actions, events, clock, settings, reset and the request log over HTTP, on a port
//! of their own.
//!
//! Bodies are JSON with keys in snake case. Ids are strings, an enum is an object with a `kind`, and unknown members
//! are refused. There is no password: let it listen on this machine only.

mod fault_body;
mod portal_action;
mod server;
mod settings_body;
mod views;

pub use server::TesterServer;
