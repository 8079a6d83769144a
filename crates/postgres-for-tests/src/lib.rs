//! A real PostgreSQL server for tests and benches, which ends with them, also when they are killed.
//!
//! [`Server::shared`] is one server for all processes that test at the same time; it keeps nothing on disk for longer
//! than they run, and does not wait for the disk. [`Server::of_its_own`] is for measurements, and for tests that harm
//! their server.
//!
//! A program of the shell watches over each server: it looks every second whether a process is left that uses it, and
//! ends it a few seconds after the last. So nothing is left behind by a process that was killed.

mod account;
mod folder;
mod programs;
mod server;
mod server_error;

pub use programs::Programs;
pub use server::{Disk, Paused, Server};
pub use server_error::ServerError;
