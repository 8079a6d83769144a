//! In-memory twins of the ports, for tests that tell a story.

mod app_catalog;
mod app_metadata;
mod clock;

pub use app_catalog::MemoryAppCatalog;
pub use app_metadata::MemoryAppMetadata;
pub use clock::ManualClock;
