//! What every reply to a known token carries.

use serde::{Deserialize, Serialize};

/// Members shared by all replies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EveryReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mdm_info: Option<MdmInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token_expiration_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) u_id: Option<String>,
}

/// Who claims the location. In a request each member may be missing, which is then an error of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MdmInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<String>,
}
