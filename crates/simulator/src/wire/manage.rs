//! Giving and taking assets: what an MDM sends, and the event that it gets.

use serde::{Deserialize, Serialize};

use super::every_reply::EveryReply;

/// Body of associating, disassociating and, without assets, revoking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManageAssetsRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) assets: Option<Vec<AssetName>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_user_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) serial_numbers: Option<Vec<String>>,
}

/// An asset by its id and, if it is said, its quality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssetName {
    pub(crate) adam_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pricing_param: Option<String>,
}

/// Reply of everything that becomes an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventReply {
    pub(crate) event_id: String,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}
