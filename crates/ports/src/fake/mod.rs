//! In-memory twins of the ports, for tests that tell a story.
//!
//! The twin of Apple's service and of the store lookup is the simulator's `SimulatedApple`; that of the store is the
//! store crate's `MemoryStore`.

mod app_catalog;
mod clock;
mod gated_store;

pub use app_catalog::MemoryAppCatalog;
pub use clock::ManualClock;
pub use gated_store::{Gate, GatedStore};
