//! How far an event has come.

use serde::{Deserialize, Serialize};

use super::error::ErrorInfo;
use super::every_reply::EveryReply;

/// Reply of the status call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusReply {
    pub(crate) event_status: String,
    pub(crate) event_type: String,
    /// Absent when nothing failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) failures: Vec<Failure>,
    pub(crate) num_completed: i64,
    pub(crate) num_requested: i64,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

/// What failed with one number, and what and whom it concerned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failure {
    pub(crate) error_info: ErrorInfo,
    pub(crate) error_message: String,
    pub(crate) error_number: i32,
}
