//! The lists of a location, page by page: assets, assignments and users.

use serde::{Deserialize, Serialize};

use super::replies::EveryReply;
use crate::apple::{AssetKey, Holder};

/// Reply of the assets call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssetsReply {
    #[serde(default)]
    pub(crate) assets: Vec<AssetRow>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unlimited_assets: Option<Vec<UnlimitedAssetRow>>,
    #[serde(flatten)]
    pub(crate) page: Page,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

/// The place of a page among the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    pub(crate) current_page_index: i64,
    /// Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_page_index: Option<i64>,
    /// Records on this page.
    pub(crate) size: i64,
    pub(crate) total_pages: i64,
    pub(crate) version_id: String,
}

/// An asset with its counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssetRow {
    pub(crate) adam_id: String,
    pub(crate) assigned_count: i64,
    pub(crate) available_count: i64,
    pub(crate) device_assignable: bool,
    pub(crate) pricing_param: String,
    pub(crate) product_type: String,
    pub(crate) retired_count: i64,
    pub(crate) revocable: bool,
    pub(crate) supported_platforms: Vec<String>,
    pub(crate) total_count: i64,
}

/// An asset without limit, when a client asked for unlimited assets alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnlimitedAssetRow {
    pub(crate) adam_id: String,
    pub(crate) assigned_count: i64,
    pub(crate) device_assignable: bool,
    pub(crate) pricing_param: String,
    pub(crate) product_type: String,
    pub(crate) revocable: bool,
    pub(crate) supported_platforms: Vec<String>,
}

/// Reply of the assignments call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssignmentsReply {
    #[serde(default)]
    pub(crate) assignments: Vec<AssignmentRow>,
    #[serde(flatten)]
    pub(crate) page: Page,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

/// An assignment: its holder is a user or a device, never both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssignmentRow {
    pub(crate) adam_id: String,
    pub(crate) pricing_param: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) serial_number: Option<String>,
    /// Of users, and only when the client asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_status: Option<String>,
    /// Of users with an Apple Account, and only when the client asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id_hash: Option<String>,
}

impl AssignmentRow {
    pub(crate) fn new(asset: AssetKey, holder: &Holder) -> Self {
        let (serial_number, client_user_id) = match holder {
            Holder::Device(serial_number) => (Some(serial_number.to_string()), None),
            Holder::User(id) => (None, Some(id.to_string())),
        };
        Self {
            adam_id: asset.adam_id.to_string(),
            pricing_param: asset.pricing_param.name().to_owned(),
            client_user_id,
            serial_number,
            user_status: None,
            id_hash: None,
        }
    }
}

/// Reply of the users call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UsersReply {
    #[serde(default)]
    pub(crate) users: Vec<UserRow>,
    #[serde(flatten)]
    pub(crate) page: Page,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

/// A user as the service shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserRow {
    pub(crate) client_user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) invite_code: Option<String>,
    /// Missing only in notifications about users that could not be created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<String>,
}
