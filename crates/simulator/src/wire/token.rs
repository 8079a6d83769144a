//! The token file that the portal hands out: base64 of a small JSON object.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::apple::LocationUid;

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

/// A time as Apple's second API writes it, in UTC with a numeric offset without colon: `2030-11-08T22:33:22+0000`.
pub(crate) fn date(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%z").to_string()
}
