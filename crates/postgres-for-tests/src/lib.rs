//! A real PostgreSQL server for tests and benches, which ends with them, also when they are killed.
//!
//! [`Server::shared`] is one server for all processes that test at the same time. Its files are deleted when they end, and
//! its commits do not wait for the disk. [`Server::of_its_own`] is for measurements, and for tests that harm their server.
//!
//! A shell program watches each server: it looks every second whether a process still uses it, and ends it a few seconds
//! after the last one. So a process that was killed leaves nothing behind.

mod account;
mod folder;
mod programs;
mod server;
mod server_error;

pub use programs::Programs;
pub use server::{Disk, Paused, Server};
pub use server_error::ServerError;
