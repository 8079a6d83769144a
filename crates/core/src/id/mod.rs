//! Ids: one type for each, so that none can be passed for another.

mod adam;
mod claim;
mod text;

pub use adam::{AdamId, AdamIdError};
pub use claim::{ClaimId, InstallationId};
pub use text::{
    Actor, ClientUserId, DeviceId, GroupId, LocationId, SerialNumber, TenantId, TextIdError, UserId,
};
