//! Apple's limits.

use mdm_vpp_core::plan::{PaceLimits, PackLimits};

/// What Apple takes in one request and in one second, as its service config says. The default is what its
/// documentation shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceLimits {
    /// Requests that associate and disassociate.
    pub pack: PackLimits,
    /// Devices in one revocation (`maxRevokeSerialNumbers`).
    pub revoke_serial_numbers: u32,
    /// Users in one revocation (`maxRevokeClientUserIds`).
    pub revoke_client_user_ids: u32,
    /// Users in one creation, update or retirement (`maxUsers`).
    pub users: u32,
    /// Requests of one location in a second.
    pub pace: PaceLimits,
}

impl Default for ServiceLimits {
    fn default() -> Self {
        Self {
            pack: PackLimits::default(),
            revoke_serial_numbers: 100,
            revoke_client_user_ids: 100,
            users: 100,
            pace: PaceLimits::default(),
        }
    }
}
