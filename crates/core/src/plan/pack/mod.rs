//! Packing: the pairs that are needed, exactly, in few of Apple's requests.

mod classes;
mod cut;
mod greedy;
mod grow;
mod interned;
mod join;
mod limits;
mod packing;
mod rectangle;
mod request;

pub use limits::{PackLimits, PackLimitsError, RequestLimits};
pub use packing::{pack, pack_devices, pack_users};
pub use request::{AssetKey, PackedRequest};
