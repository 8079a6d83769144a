//! Replies: what many of them share, service config and client config.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::apple::{AssetKey, ErrorNumber};

/// Members shared by all replies to a token that is alive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EveryReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mdm_info: Option<ClaimInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token_expiration_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) u_id: Option<String>,
}

/// The claim of the location. In a request each member may be missing, which is then an error of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClaimInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<String>,
}

/// An error number with its message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorCode {
    pub(crate) error_message: String,
    pub(crate) error_number: i32,
}

impl From<ErrorNumber> for ErrorCode {
    fn from(number: ErrorNumber) -> Self {
        Self { error_message: number.message().to_owned(), error_number: number.number() }
    }
}

/// An error with its assets and holders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failure {
    pub(crate) error_info: ErrorInfo,
    #[serde(flatten)]
    pub(crate) code: ErrorCode,
}

/// The assets and holders of an error. Empty when a request is refused as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorInfo {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) assets: Vec<AssetName>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) client_user_ids: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) serial_numbers: Vec<String>,
}

/// The body of a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorReply {
    #[serde(flatten)]
    pub(crate) failure: Failure,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

/// An asset by its id and, where it is given, its quality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssetName {
    pub(crate) adam_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pricing_param: Option<String>,
}

impl From<&AssetKey> for AssetName {
    fn from(key: &AssetKey) -> Self {
        Self { adam_id: key.adam_id.to_string(), pricing_param: Some(key.pricing_param.name().to_owned()) }
    }
}

impl TryFrom<&AssetName> for AssetKey {
    type Error = ErrorNumber;

    /// An asset without a quality is one of standard quality, as in Apple's samples.
    fn try_from(name: &AssetName) -> Result<Self, ErrorNumber> {
        let adam_id = name.adam_id.parse().map_err(|_| ErrorNumber::INVALID_ARGUMENT)?;
        let param = name.pricing_param.as_deref().map(str::parse).transpose();
        Ok(Self::new(adam_id, param.map_err(|()| ErrorNumber::INVALID_ARGUMENT)?.unwrap_or_default()))
    }
}

/// Client config: the reply of both the reading and the writing call.
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

/// Body of the writing call. Members that are missing or null change nothing.
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

/// A time as Apple's second API writes it, in UTC with a numeric offset without colon: `2030-11-08T22:33:22+0000`.
pub(crate) fn date(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%z").to_string()
}
