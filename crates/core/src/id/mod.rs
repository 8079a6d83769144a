//! Ids, each with a type of its own, so that one cannot be passed for another.

mod adam;
mod claim;
mod text;

pub use adam::{AdamId, AdamIdError};
pub use claim::{ClaimId, InstallationId};
pub use text::{
    Actor, ClientUserId, DeviceId, GroupId, LocationId, SerialNumber, TenantId, TextIdError, UserId,
};
