//! Errors, alone and in the list that service config carries.

use serde::{Deserialize, Serialize};

use super::every_reply::EveryReply;

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

/// What an error is about. Empty for every error that this simulator has so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ErrorInfo {}

/// One line of the list of errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorCode {
    pub(crate) error_message: String,
    pub(crate) error_number: i32,
}
