//! Plans: what follows from the difference between what is wanted and what is there.

mod allot;
mod difference;
mod pace;
mod pack;
mod preview;

pub use allot::{AllotPool, AllotPools, Allotment, Applicant, Reserved, WaitsFor, allot};
pub use difference::{Difference, OutOfOrder, differences};
pub use pace::{Bucket, Call, Pace, PaceLimits, PaceLimitsError, Permit, Spread, Take, spread};
pub use pack::{PackLimits, PackLimitsError, PackedRequest, RequestLimits, pack, pack_devices, pack_users};
pub use preview::{Preview, preview};
