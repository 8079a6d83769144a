//! Service config and client config: what the service tells of itself and of a location, and what an MDM may set.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::shared::{ClaimInfo, ErrorCode, EveryReply};

/// Reply of both the reading and the writing call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientConfigReply {
    #[serde(rename = "countryISO2ACode")]
    pub(crate) country: String,
    pub(crate) default_platform: String,
    pub(crate) location_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notification_auth_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notification_url: Option<String>,
    pub(crate) subscribed_notification_types: Vec<String>,
    #[serde(rename = "websiteURL")]
    pub(crate) website_url: String,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

/// Body of the writing call. What is missing or null stays as it is.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientConfigRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mdm_info: Option<ClaimInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notification_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notification_auth_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notification_types: Option<Vec<String>>,
}

/// Reply of service config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServiceConfigReply {
    pub(crate) error_codes: Vec<ErrorCode>,
    pub(crate) limits: BTreeMap<String, i32>,
    pub(crate) notification_types: Vec<String>,
    pub(crate) urls: BTreeMap<String, String>,
}
