//! The whole service in memory, and what changes it over time.

mod events;
mod notify;
mod state;

pub(crate) use state::{Origin, Service};
