//! Where `mdm-vpp` keeps its state: implementations of the port [`Store`](mdm_vpp_ports::Store).
//!
//! | Store | For | Feature |
//! |---|---|---|
//! | [`memory::MemoryStore`] | tests and trials: what it holds ends with the process | |
//! | `sqlite::SqliteStore` | one machine: a file, and nothing to install | `sqlite` |
//! | `postgres::PostgresStore` | many machines: a schema in a database of PostgreSQL | `postgres` |
//!
//! All pass the suite in `mdm_vpp_ports::conformance::store`, and all keep the secrets of tokens [sealed](sealing). The
//! stores in databases need a tokio runtime.

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod documents;
mod lease_row;
pub mod memory;
mod placement;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod rows;
pub mod sealing;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod times;
