//! Opened secrets, and how the secret of a token is sealed and opened.

use std::fmt;

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::ContentToken,
};
use mdm_vpp_ports::StoreError;
use zeroize::Zeroizing;

use super::{KeyRing, Place};

/// The bytes of an opened secret: wiped from memory when dropped, never printed.
pub struct Opened(Zeroizing<Vec<u8>>);

impl Opened {
    pub(super) const fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The secret in clear.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opened(..)")
    }
}

/// The place of a token's secret, the same in all stores.
fn place(tenant: &TenantId, location: &LocationId) -> Place {
    Place::new("tokens", &[tenant.as_str(), location.as_str()], "sealed_secret")
}

/// Seals the secret of a token for its row.
pub(crate) fn seal_content_token(
    keys: &KeyRing,
    tenant: &TenantId,
    location: &LocationId,
    secret: &ContentToken,
) -> Result<Vec<u8>, StoreError> {
    Ok(keys.seal(&place(tenant, location), secret.expose().as_bytes())?)
}

/// Opens the secret of a token.
pub(crate) fn open_content_token(
    keys: &KeyRing,
    tenant: &TenantId,
    location: &LocationId,
    sealed: &[u8],
) -> Result<ContentToken, StoreError> {
    let opened = keys.open(&place(tenant, location), sealed)?;
    let text = std::str::from_utf8(opened.expose()).ok();
    text.and_then(|text| ContentToken::new(text).ok()).ok_or_else(|| StoreError::Unreadable {
        row: format!("tokens (tenant {tenant}, location {location})"),
        reason: "the opened secret is not a content token: update the token with a fresh file".to_owned(),
    })
}
