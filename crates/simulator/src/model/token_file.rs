//! The file that the portal hands out: base64 of a small JSON object.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use chrono::{DateTime, Utc};

use crate::wire::{self, TokenFile};

/// Standard alphabet, padding accepted and not demanded. How strictly Apple reads is not known.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The secret inside the token with this number. It looks like base64, as Apple's does; clients must not read it.
pub(crate) fn secret(number: u64, uid: &str) -> String {
    STANDARD.encode(format!("simulated content token {number:06} of location {uid}"))
}

/// The file body: what is uploaded to an MDM and what goes on the wire.
pub(crate) fn write(secret: String, expires_at: DateTime<Utc>, org_name: String) -> String {
    let file = TokenFile { exp_date: wire::date(expires_at), token: secret, org_name };
    STANDARD.encode(serde_json::to_vec(&file).unwrap_or_default())
}

/// Whether a text is a token file of anybody.
pub(crate) fn reads_as_token(text: &str) -> bool {
    inner_token(text).is_some()
}

/// The secret inside a token as it came over the wire; `None` when it cannot be decoded.
pub(crate) fn inner_token(sent: &str) -> Option<String> {
    let standard = sent.replace('-', "+").replace('_', "/");
    let decoded = LENIENT.decode(standard).ok()?;
    serde_json::from_slice::<TokenFile>(&decoded).ok().map(|file| file.token)
}
