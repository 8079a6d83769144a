//! Notifications, from the outside in.

use serde::{Deserialize, Serialize};

use super::assignments::Assignment;
use super::users::ResponseUser;

/// What all notifications share.
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
    pub(crate) assignments: Vec<Assignment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<NotifiedError>,
}

/// Tasks of one event that changed users, with the same outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserManagement {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) result: String,
    pub(crate) event_id: String,
    pub(crate) users: Vec<ResponseUser>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<NotifiedError>,
}

/// Why tasks failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NotifiedError {
    pub(crate) error_message: String,
    pub(crate) error_number: i32,
}

/// Users who accepted their invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserAssociated {
    pub(crate) associated_users: Vec<ResponseUser>,
}

/// A change of an asset's total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssetCount {
    pub(crate) adam_id: String,
    pub(crate) pricing_param: String,
    pub(crate) count_delta: i64,
}
