//! Pacing: when the next call to Apple may leave, for one location.

mod bucket;
mod limits;
mod location;
mod spread;

#[cfg(test)]
mod bucket_tests;
#[cfg(test)]
mod location_tests;
#[cfg(test)]
mod spread_tests;

pub use bucket::{Bucket, Take};
pub use limits::{PaceLimits, PaceLimitsError};
pub use location::{Call, Pace, Permit};
pub use spread::{Spread, spread};
