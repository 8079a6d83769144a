//! Packing: the pairs that are needed, exactly, in few of Apple's requests.

mod classes;
mod cut;
mod greedy;
mod grow;
mod interned;
mod join;
mod limits;
mod numbers;
mod packing;
mod rectangle;
mod request;

#[cfg(test)]
mod packing_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod shape_tests;

pub use limits::{PackLimits, PackLimitsError, RequestLimits};
pub use packing::{pack, pack_devices, pack_users};
pub use request::PackedRequest;
