//! Events: the requests that begin them, their status, and the notifications about them and about assets and users.

use serde::{Deserialize, Serialize};

use super::lists::{AssignmentRow, UserRow};
use super::replies::{AssetName, ErrorCode, EveryReply, Failure};

/// Body of an associate, disassociate or, without assets, revoke request.
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

/// Body of a create, update or retire request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ManageUsersRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) users: Option<Vec<RequestUser>>,
}

/// A user as an MDM describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestUser {
    pub(crate) client_user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) managed_apple_id: Option<String>,
}

/// Reply to every request that begins an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventReply {
    pub(crate) event_id: String,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

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

/// The members that all notifications share, around the content of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Envelope<T> {
    pub(crate) notification_id: String,
    pub(crate) notification_type: String,
    pub(crate) notification: T,
    pub(crate) u_id: String,
}

/// Tasks of one event that gave or took assets, with the same outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssetManagement {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) result: String,
    pub(crate) event_id: String,
    pub(crate) assignments: Vec<AssignmentRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<ErrorCode>,
}

/// Tasks of one event that changed users, with the same outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserManagement {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) result: String,
    pub(crate) event_id: String,
    pub(crate) users: Vec<UserRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<ErrorCode>,
}

/// Users that accepted their invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserAssociated {
    pub(crate) associated_users: Vec<UserRow>,
}

/// A change of an asset's total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssetCount {
    pub(crate) adam_id: String,
    pub(crate) pricing_param: String,
    pub(crate) count_delta: i64,
}
