//! Errors, alone and in the list that service config carries.

use serde::{Deserialize, Serialize};

use super::every_reply::EveryReply;
use super::manage::AssetName;

/// The body of an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorReply {
    pub(crate) error_info: ErrorInfo,
    pub(crate) error_message: String,
    pub(crate) error_number: i32,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

/// What an error is about. Empty when a request is refused as a whole.
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

/// One line of the list of errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorCode {
    pub(crate) error_message: String,
    pub(crate) error_number: i32,
}
