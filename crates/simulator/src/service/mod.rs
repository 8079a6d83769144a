//! The whole service in memory, and what changes it over time.

mod events;
mod notify;
mod service;

pub(crate) use service::{Origin, Service};
