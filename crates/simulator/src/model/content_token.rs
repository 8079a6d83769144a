//! Content tokens: an administrator downloads them in the portal and uploads them to an MDM.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::apple::{ContentManager, LocationUid, TokenId};
use crate::settings::Reads;

/// What the person that downloaded a token may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TokenRole {
    /// Read and write.
    #[default]
    Manager,
    /// Read only ("facilitator"): every write is refused with 9637.
    Facilitator,
}

/// A token as the service keeps it.
#[derive(Clone, Debug)]
pub(crate) struct ContentToken {
    pub(crate) id: TokenId,
    pub(crate) location: LocationUid,
    pub(crate) role: TokenRole,
    pub(crate) downloaded_by: ContentManager,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) revoked: bool,
    /// Its inventory requests, as far as the flagging rule counts them.
    pub(crate) reads: Reads,
}

/// How a token is to be downloaded. Values left out are the portal's defaults.
#[derive(Clone, Debug, Default)]
pub struct TokenDownload {
    pub(crate) expires_at: Option<DateTime<Utc>>,
    pub(crate) role: TokenRole,
    pub(crate) by: Option<ContentManager>,
}

impl TokenDownload {
    /// Valid for one year, downloaded by the location's own content manager.
    pub fn usual() -> Self {
        Self::default()
    }

    /// Expires at this time, which may lie in the past.
    #[must_use]
    pub fn expiring_at(mut self, at: DateTime<Utc>) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// Downloaded by a person that may only read.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.role = TokenRole::Facilitator;
        self
    }

    /// Downloaded by this person; a change of the person's password kills it.
    #[must_use]
    pub fn by(mut self, content_manager: ContentManager) -> Self {
        self.by = Some(content_manager);
        self
    }
}

/// A token that was just downloaded.
#[derive(Clone)]
#[non_exhaustive]
pub struct DownloadedToken {
    /// The simulator's number of the token, for portal actions.
    pub id: TokenId,
    /// The whole `.vpptoken` file: one line of base64, which is also what goes on the wire. A secret.
    pub file: String,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for DownloadedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadedToken")
            .field("id", &self.id)
            .field("file", &"(secret)")
            .field("expires_at", &self.expires_at)
            .finish()
    }
}
