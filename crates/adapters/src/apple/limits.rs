//! Apple's limits.

/// How much Apple takes in one request, as its service config says. A limit that the config leaves out has the
/// value that Apple's documentation shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceLimits {
    /// Assets in one association (`maxAssets`).
    pub assets: u32,
    /// Users in one association (`maxClientUserIds`).
    pub client_user_ids: u32,
    /// Devices in one association (`maxSerialNumbers`).
    pub serial_numbers: u32,
    /// Users in one revocation (`maxRevokeClientUserIds`).
    pub revoke_client_user_ids: u32,
    /// Devices in one revocation (`maxRevokeSerialNumbers`).
    pub revoke_serial_numbers: u32,
    /// Users in one creation, update or retirement (`maxUsers`).
    pub users: u32,
    /// Characters of a notification URL and of its secret, each (`maxNotificationLength`).
    pub notification_length: u32,
    /// Characters of a claim's id (`maxMdmIdLength`).
    pub mdm_id_length: u32,
    /// Characters of a claim's name (`maxMdmNameLength`).
    pub mdm_name_length: u32,
    /// Characters of a claim's metadata (`maxMdmMetadataLength`).
    pub mdm_metadata_length: u32,
    /// Requests a second for one location (`maxRequestPerSecond`).
    pub requests_per_second: u32,
}

impl Default for ServiceLimits {
    fn default() -> Self {
        Self {
            assets: 25,
            client_user_ids: 1000,
            serial_numbers: 1000,
            revoke_client_user_ids: 100,
            revoke_serial_numbers: 100,
            users: 100,
            notification_length: 512,
            mdm_id_length: 100,
            mdm_name_length: 100,
            mdm_metadata_length: 255,
            requests_per_second: 15,
        }
    }
}
