//! What all stores keep in the same way: due times, and the place and content of a token's secret.

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::ContentToken,
};
use mdm_vpp_ports::StoreError;

use crate::sealing::{KeyRing, Place};

/// A due time as it is kept: whole microseconds since 1970, UTC, cut off. Exact to compare in every database.
pub(crate) const fn due_micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// The time behind kept microseconds; `None` when no calendar has it.
pub(crate) const fn due_time(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}

/// Where the secret of a token stands.
fn secret_place(tenant: &TenantId, location: &LocationId) -> Place {
    Place::new("tokens", &[tenant.as_str(), location.as_str()], "sealed_secret")
}

/// Seals the secret of a token for its row.
pub(crate) fn seal_secret(
    keys: &KeyRing,
    tenant: &TenantId,
    location: &LocationId,
    secret: &ContentToken,
) -> Result<Vec<u8>, StoreError> {
    Ok(keys.seal(&secret_place(tenant, location), secret.expose().as_bytes())?)
}

/// Opens the secret of a token.
pub(crate) fn open_secret(
    keys: &KeyRing,
    tenant: &TenantId,
    location: &LocationId,
    sealed: &[u8],
) -> Result<ContentToken, StoreError> {
    let opened = keys.open(&secret_place(tenant, location), sealed)?;
    let text = std::str::from_utf8(opened.expose()).ok();
    text.and_then(|text| ContentToken::new(text).ok()).ok_or_else(|| StoreError::Unreadable {
        row: format!("tokens (tenant `{tenant}`, location {location})"),
        reason: "the opened secret is not a content token: update the token with a fresh file".to_owned(),
    })
}
