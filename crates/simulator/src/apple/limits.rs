//! The limits that service config tells, editable while the simulator runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Limits of the service. `None` leaves the member out of the reply, as an older service does; the documented default
/// is then enforced. Defaults: Apple's documentation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Limits {
    /// Assets in one associate or disassociate request.
    pub max_assets: Option<i32>,
    /// Users in one associate or disassociate request.
    pub max_client_user_ids: Option<i32>,
    /// Devices in one associate or disassociate request.
    pub max_serial_numbers: Option<i32>,
    /// Users in one revoke request.
    pub max_revoke_client_user_ids: Option<i32>,
    /// Devices in one revoke request.
    pub max_revoke_serial_numbers: Option<i32>,
    /// Users in one create, update or retire request.
    pub max_users: Option<i32>,
    /// Characters of the notification URL and of its token, each.
    pub max_notification_length: Option<i32>,
    /// Characters of a claim's id.
    pub max_mdm_id_length: Option<i32>,
    /// Characters of a claim's name.
    pub max_mdm_name_length: Option<i32>,
    /// Characters of a claim's metadata.
    pub max_mdm_metadata_length: Option<i32>,
    /// Requests per second of one location, over all its tokens.
    pub max_requests_per_second: Option<i32>,
    /// Subscriptions in one request.
    pub max_subscriptions: Option<i32>,
    /// Users in one subscription request.
    pub max_subscription_client_user_ids: Option<i32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_assets: Some(25),
            max_client_user_ids: Some(1000),
            max_serial_numbers: Some(1000),
            max_revoke_client_user_ids: Some(100),
            max_revoke_serial_numbers: Some(100),
            max_users: Some(100),
            max_notification_length: Some(512),
            max_mdm_id_length: Some(100),
            max_mdm_name_length: Some(100),
            max_mdm_metadata_length: Some(255),
            max_requests_per_second: Some(15),
            max_subscriptions: Some(25),
            max_subscription_client_user_ids: Some(1000),
        }
    }
}

impl Limits {
    /// The limits by Apple's names, without those that service config does not tell.
    pub(crate) fn named(&self) -> BTreeMap<String, i32> {
        let named = [
            ("maxAssets", self.max_assets),
            ("maxClientUserIds", self.max_client_user_ids),
            ("maxSerialNumbers", self.max_serial_numbers),
            ("maxRevokeClientUserIds", self.max_revoke_client_user_ids),
            ("maxRevokeSerialNumbers", self.max_revoke_serial_numbers),
            ("maxUsers", self.max_users),
            ("maxNotificationLength", self.max_notification_length),
            ("maxMdmIdLength", self.max_mdm_id_length),
            ("maxMdmNameLength", self.max_mdm_name_length),
            ("maxMdmMetadataLength", self.max_mdm_metadata_length),
            ("maxRequestPerSecond", self.max_requests_per_second),
            ("maxSubscriptions", self.max_subscriptions),
            ("maxSubscriptionClientUserIds", self.max_subscription_client_user_ids),
        ];
        named.into_iter().filter_map(|(name, limit)| Some((name.to_owned(), limit?))).collect()
    }
    /// A limit as the service enforces it: its documented value where service config does not tell it.
    pub(crate) fn enforced(&self, limit: impl Fn(&Self) -> Option<i32>) -> i32 {
        limit(self).or_else(|| limit(&Self::default())).unwrap_or(0)
    }

    /// Whether `count` is above a limit.
    pub(crate) fn exceeded(&self, limit: impl Fn(&Self) -> Option<i32>, count: usize) -> bool {
        count > usize::try_from(self.enforced(limit)).unwrap_or(0)
    }

    /// Whether `text` has more characters than a limit.
    pub(crate) fn too_long(&self, limit: impl Fn(&Self) -> Option<i32>, text: &str) -> bool {
        self.exceeded(limit, text.chars().count())
    }
}
