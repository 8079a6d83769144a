//! A deterministic bench: the engine, a store and Apple's service, simulated, in one process with one virtual clock.
//!
//! A [`World`] is made from a seed. It acts as administrators, Apple and bad luck do, one [step](World::step) at a time,
//! and looks after every step whether all that must hold holds. The same seed gives the same story.

mod chance;
mod crashing_store;
mod faults;
mod ground;
mod judge;
mod mistaken_service;
mod mistaken_store;
mod mistakes;
mod network;
mod post;
mod world;

pub use chance::Chance;
pub use faults::{Fault, Faults};
pub use mistakes::Mistake;
pub use network::{answered, asked};
pub use world::{Ended, Trouble, World};
