//! The reply to `service/config`: `limits` and `urls`.

use std::collections::BTreeMap;

use super::{Members, Unusable};
use crate::apple::{Endpoint, ServiceLimits};

/// What Apple tells every client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ServiceConfig {
    pub(crate) limits: ServiceLimits,
    /// Addresses as they came, unchecked.
    pub(crate) urls: BTreeMap<Endpoint, String>,
}

/// Reads limits and addresses. What is left out has its documented value.
pub(crate) fn read_service_config(reply: &Members<'_>) -> Result<ServiceConfig, Unusable> {
    let mut config = ServiceConfig::default();
    if let Some(urls) = reply.object("urls")? {
        for endpoint in Endpoint::ALL {
            if let Some(url) = urls.text(endpoint.key())? {
                config.urls.insert(endpoint, url.to_owned());
            }
        }
    }
    if let Some(limits) = reply.object("limits")? {
        config.limits = read_limits(&limits)?;
    }
    Ok(config)
}

fn read_limits(limits: &Members<'_>) -> Result<ServiceLimits, Unusable> {
    let read = |name: &str, documented: u32| -> Result<u32, Unusable> {
        // A limit that cannot be read is not worth refusing all work: the documented one stands.
        let told = limits.whole(name).ok().flatten().and_then(|limit| u32::try_from(limit).ok());
        Ok(told.filter(|limit| *limit > 0).unwrap_or(documented))
    };
    let documented = ServiceLimits::default();
    Ok(ServiceLimits {
        assets: read("maxAssets", documented.assets)?,
        client_user_ids: read("maxClientUserIds", documented.client_user_ids)?,
        serial_numbers: read("maxSerialNumbers", documented.serial_numbers)?,
        revoke_client_user_ids: read("maxRevokeClientUserIds", documented.revoke_client_user_ids)?,
        revoke_serial_numbers: read("maxRevokeSerialNumbers", documented.revoke_serial_numbers)?,
        users: read("maxUsers", documented.users)?,
        notification_length: read("maxNotificationLength", documented.notification_length)?,
        mdm_id_length: read("maxMdmIdLength", documented.mdm_id_length)?,
        mdm_name_length: read("maxMdmNameLength", documented.mdm_name_length)?,
        mdm_metadata_length: read("maxMdmMetadataLength", documented.mdm_metadata_length)?,
        requests_per_second: read("maxRequestPerSecond", documented.requests_per_second)?,
    })
}
