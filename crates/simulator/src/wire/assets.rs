//! Assets of a location, page by page.

use serde::{Deserialize, Serialize};

use super::every_reply::EveryReply;

/// Reply of the assets call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssetsReply {
    #[serde(default)]
    pub(crate) assets: Vec<Asset>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unlimited_assets: Option<Vec<UnlimitedAsset>>,
    #[serde(flatten)]
    pub(crate) page: Page,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

/// Where a page stands among the others.
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
pub(crate) struct Asset {
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

/// An asset without limit, when a client asked for these alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UnlimitedAsset {
    pub(crate) adam_id: String,
    pub(crate) assigned_count: i64,
    pub(crate) device_assignable: bool,
    pub(crate) pricing_param: String,
    pub(crate) product_type: String,
    pub(crate) revocable: bool,
    pub(crate) supported_platforms: Vec<String>,
}
