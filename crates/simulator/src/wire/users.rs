//! Users: what an MDM sends of them, and what the service shows, page by page.

use serde::{Deserialize, Serialize};

use super::assets::Page;
use super::every_reply::EveryReply;

/// Body of creating, updating and retiring.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ManageUsersRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) users: Option<Vec<RequestUser>>,
}

/// A user as an MDM wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestUser {
    pub(crate) client_user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) managed_apple_id: Option<String>,
}

/// Reply of the users call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UsersReply {
    #[serde(default)]
    pub(crate) users: Vec<ResponseUser>,
    #[serde(flatten)]
    pub(crate) page: Page,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

/// A user as the service shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResponseUser {
    pub(crate) client_user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) invite_code: Option<String>,
    /// Missing only in notifications of users that could not be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<String>,
}
