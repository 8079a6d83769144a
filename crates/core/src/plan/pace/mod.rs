//! Pace: when the next call to Apple about a location may be sent.

mod bucket;
mod limits;
mod location;

pub use bucket::{Bucket, Take};
pub use limits::{PaceLimits, PaceLimitsError};
pub use limits::{Spread, spread};
pub use location::{Call, Pace, Permit};
