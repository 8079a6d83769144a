//! Packing: exactly the needed pairs of assets and holders, in few of Apple's requests.

mod classes;
mod greedy;
mod limits;
mod numbers;
mod packing;

#[cfg(test)]
mod packing_tests;

pub use limits::PackedRequest;
pub use limits::{PackLimits, PackLimitsError, RequestLimits};
pub use packing::{pack, pack_devices, pack_users};
