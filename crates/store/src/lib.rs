//! Where `mdm-vpp` keeps its state: implementations of the port [`Store`](mdm_vpp_ports::Store).
//!
//! | Store | For | Feature |
//! |---|---|---|
//! | [`memory::MemoryStore`] | tests and trials: what it holds ends with the process | |
//! | `sqlite::SqliteStore` | one machine: a file, and nothing to install | `sqlite` |
//!
//! All pass the suite in `mdm_vpp_ports::conformance::store`, and all keep the secrets of tokens [sealed](sealing).

mod kept;
mod lease_row;
mod machine_clock;
pub mod memory;
pub mod sealing;
#[cfg(feature = "sqlite")]
mod seat_code;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod talk_places;
