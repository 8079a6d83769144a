//! A deterministic bench: the engine, a store and a simulated Apple in one process on one virtual clock.
//!
//! A [`World`] is made from a seed. Each [step](World::step) draws what an administrator, Apple or bad luck does next,
//! and then checks every invariant. The same seed makes the same draws, so a failure can be replayed.
//!
//! Some things no process can do to itself, for example being killed. For these tests start real processes on real
//! databases: the program `worker` runs the [`library`] over HTTP, and a [`FastClock`] lets hours pass in seconds.

mod faults;
mod fixture;
mod judge;
mod mistakes;
mod network;
mod process;
mod real_processes;
mod world;

pub use faults::{Chance, Fault, Faults};
pub use mistakes::Mistake;
pub use network::{answered, asked};
pub use real_processes::{FastClock, NoClock, key_ring, library};
pub use world::{BoxError, World, WorldFailure};
