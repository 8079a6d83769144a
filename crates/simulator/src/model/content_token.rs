//! Content tokens: an administrator downloads them in the portal and uploads them to an MDM.

use std::fmt;

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::apple::{ContentManager, LocationUid, TokenId};
use crate::settings::Reads;
use crate::wire::date;

/// The rights of the person that downloaded a token.
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

/// The three members of a token file. Without `Debug`: `token` is a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenFile {
    exp_date: String,
    token: String,
    org_name: String,
}

impl TokenFile {
    /// The file body: uploaded to an MDM, and sent on the wire with every call.
    pub(crate) fn write(secret: String, expires_at: DateTime<Utc>, org_name: String) -> String {
        let file = Self { exp_date: date(expires_at), token: secret, org_name };
        STANDARD.encode(serde_json::to_vec(&file).unwrap_or_default())
    }

    /// The secret inside a token as it came over the wire; `None` when it cannot be decoded.
    pub(crate) fn read_secret(sent: &str) -> Option<String> {
        // How strictly Apple reads is not known. Padding may be missing, and the URL-safe alphabet is understood.
        const LENIENT: GeneralPurpose = GeneralPurpose::new(
            &alphabet::STANDARD,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        let decoded = LENIENT.decode(sent.replace('-', "+").replace('_', "/")).ok()?;
        serde_json::from_slice::<Self>(&decoded).ok().map(|file| file.token)
    }

    /// The secret inside the token with this number. It looks like base64, as Apple's does; clients must not read it.
    pub(crate) fn new_secret(number: u64, uid: &LocationUid) -> String {
        STANDARD.encode(format!("simulated content token {number:06} of location {uid}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_token_file_has_three_members() {
        let sample =
            json!({"token": "QUJDREVG", "expDate": "2027-03-01T10:00:00+0000", "orgName": "Example GmbH"});
        let written = TokenFile::write(
            "QUJDREVG".into(),
            "2027-03-01T10:00:00Z".parse().unwrap(),
            "Example GmbH".into(),
        );
        assert_eq!(serde_json::from_slice::<Value>(&STANDARD.decode(&written).unwrap()).unwrap(), sample);
        assert_eq!(TokenFile::read_secret(&written).as_deref(), Some("QUJDREVG"));
    }
}
