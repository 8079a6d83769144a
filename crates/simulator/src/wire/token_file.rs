//! The JSON inside a token file.

use serde::{Deserialize, Serialize};

/// The three members of a token file. Without `Debug`: `token` is a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenFile {
    pub(crate) exp_date: String,
    pub(crate) token: String,
    pub(crate) org_name: String,
}
