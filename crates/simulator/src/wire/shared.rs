//! What many replies share: the members of every reply to a known token, errors, and the names of assets.

use serde::{Deserialize, Serialize};

use crate::apple::{AssetKey, ErrorNumber};

/// Members shared by all replies to a token that is alive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EveryReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mdm_info: Option<ClaimInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token_expiration_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) u_id: Option<String>,
}

/// The claim of the location. In a request each member may be missing, which is then an error of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClaimInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) metadata: Option<String>,
}

/// An error number with its message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorCode {
    pub(crate) error_message: String,
    pub(crate) error_number: i32,
}

impl From<ErrorNumber> for ErrorCode {
    fn from(number: ErrorNumber) -> Self {
        Self { error_message: number.message().to_owned(), error_number: number.number() }
    }
}

/// An error with what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failure {
    pub(crate) error_info: ErrorInfo,
    #[serde(flatten)]
    pub(crate) code: ErrorCode,
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

/// The body of a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorReply {
    #[serde(flatten)]
    pub(crate) failure: Failure,
    #[serde(flatten)]
    pub(crate) every_reply: EveryReply,
}

/// An asset by its id and, if it is said, its quality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssetName {
    pub(crate) adam_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pricing_param: Option<String>,
}

impl From<&AssetKey> for AssetName {
    fn from(key: &AssetKey) -> Self {
        Self { adam_id: key.adam_id.to_string(), pricing_param: Some(key.pricing_param.name().to_owned()) }
    }
}

impl TryFrom<&AssetName> for AssetKey {
    type Error = ErrorNumber;

    /// An asset without a quality is one of standard quality, as in Apple's samples.
    fn try_from(name: &AssetName) -> Result<Self, ErrorNumber> {
        let adam_id = name.adam_id.parse().map_err(|_| ErrorNumber::INVALID_ARGUMENT)?;
        let param = name.pricing_param.as_deref().map(str::parse).transpose();
        Ok(Self::new(adam_id, param.map_err(|()| ErrorNumber::INVALID_ARGUMENT)?.unwrap_or_default()))
    }
}
