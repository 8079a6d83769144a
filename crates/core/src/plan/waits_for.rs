//! What an install waits for.

use serde::{Deserialize, Serialize};

use crate::id::LocationId;

/// What somebody waits for who shall have an app.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum WaitsFor {
    /// To be decided about: nobody has looked yet.
    Decision,
    /// The app waits for an approval. No call is made for it.
    Approval,
    /// A license, in any of the tokens that may give one.
    FreeSeat,
    /// A license is free, but its token cannot write: the token has to be updated, claimed or given rights.
    Token {
        /// The token's location.
        location: LocationId,
    },
    /// No pool is known for any of the tokens: the location has to be synced.
    Counts,
    /// One of the user's other devices has to leave: a user's license serves as many as it may.
    DeviceLimit,
}

impl WaitsFor {
    /// The stable name, as in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Approval => "approval",
            Self::FreeSeat => "free_seat",
            Self::Token { .. } => "token",
            Self::Counts => "counts",
            Self::DeviceLimit => "device_limit",
        }
    }
}
