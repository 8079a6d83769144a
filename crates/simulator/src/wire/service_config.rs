//! What the service tells everybody about itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::ErrorCode;
use crate::model::Limits;

/// Reply of service config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceConfigReply {
    pub(crate) error_codes: Vec<ErrorCode>,
    pub(crate) limits: BTreeMap<String, i32>,
    pub(crate) notification_types: Vec<String>,
    pub(crate) urls: BTreeMap<String, String>,
}

impl ServiceConfigReply {
    /// The limits by Apple's names; those that are not told are left out.
    pub(crate) fn limits(limits: &Limits) -> BTreeMap<String, i32> {
        let named = [
            ("maxAssets", limits.max_assets),
            ("maxClientUserIds", limits.max_client_user_ids),
            ("maxSerialNumbers", limits.max_serial_numbers),
            ("maxRevokeClientUserIds", limits.max_revoke_client_user_ids),
            ("maxRevokeSerialNumbers", limits.max_revoke_serial_numbers),
            ("maxUsers", limits.max_users),
            ("maxNotificationLength", limits.max_notification_length),
            ("maxMdmIdLength", limits.max_mdm_id_length),
            ("maxMdmNameLength", limits.max_mdm_name_length),
            ("maxMdmMetadataLength", limits.max_mdm_metadata_length),
            ("maxRequestPerSecond", limits.max_requests_per_second),
            ("maxSubscriptions", limits.max_subscriptions),
            ("maxSubscriptionClientUserIds", limits.max_subscription_client_user_ids),
        ];
        named.into_iter().filter_map(|(name, limit)| Some((name.to_owned(), limit?))).collect()
    }
}
