//! A deterministic bench: the engine, a store and Apple's service, simulated, in one process with one virtual clock.
//!
//! A [`World`] is made from a seed. It acts as administrators, Apple and bad luck do, one [step](World::step) at a time,
//! and looks after every step whether all that must hold holds. The same seed gives the same story.
//!
//! For what no process can do to itself there are real processes and real databases: a [`library`] over HTTP, which the
//! program `worker` runs, and a [`FastClock`], by which their hours pass in seconds.

mod chance;
mod crashes;
mod fast_clock;
mod faults;
mod fixture;
mod gated_store;
mod judge;
mod library;
mod mistaken_service;
mod mistaken_store;
mod mistakes;
mod network;
mod post;
mod world;

pub use chance::Chance;
pub use fast_clock::{FastClock, NoClock};
pub use faults::{Fault, Faults};
pub use gated_store::{Gate, GatedStore};
pub use library::{key_ring, library};
pub use mistakes::Mistake;
pub use network::{answered, asked};
pub use world::{BoxError, World, WorldFailure};
