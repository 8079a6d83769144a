//! Assignments of a location, page by page.

use serde::{Deserialize, Serialize};

use super::assets::Page;
use super::every_reply::EveryReply;

/// Reply of the assignments call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssignmentsReply {
    #[serde(default)]
    pub(crate) assignments: Vec<Assignment>,
    #[serde(flatten)]
    pub(crate) page: Page,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

/// Who holds what: a user or a device, never both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Assignment {
    pub(crate) adam_id: String,
    pub(crate) pricing_param: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) serial_number: Option<String>,
    /// Only when the client asked for it, of users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_status: Option<String>,
    /// Only when the client asked for it, of users with an Apple Account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id_hash: Option<String>,
}
