//! Rows of tenants and tokens, with the secrets of tokens.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::{ContentToken, Token},
};
use mdm_vpp_ports::{StoreError, StoredContentToken};

use super::{Columns, Reading};
use crate::{
    kept::{open_secret, seal_secret},
    sealing::KeyRing,
};

/// The columns of a token's key.
const KEY: &[&str] = &["tenant", "location"];

/// How many transactions a tenant had.
pub(crate) fn turns(row: &dyn Columns) -> Result<u64, StoreError> {
    Reading::new("tenants", &["tenant"], row).number("transactions")
}

/// A row as a token.
pub(crate) fn read(row: &dyn Columns) -> Result<Token, StoreError> {
    let reading = Reading::new("tokens", KEY, row);
    let token = Token {
        location: reading.document("location_detail")?,
        organization: reading.text("organization")?.to_owned(),
        settings: reading.document("settings")?,
        condition: reading.document("condition")?,
        generation: reading.number("generation")?,
        uploaded_at: reading.time("uploaded_at")?,
        last_sync: reading.optional_document("last_sync")?,
    };
    reading.stands_at_its_key("location_detail", token.id().as_str() == reading.text("location")?)?;
    Ok(token)
}

/// The envelope of a secret as the text of its column.
pub(crate) fn sealed(
    keys: &KeyRing,
    tenant: &TenantId,
    location: &LocationId,
    secret: &ContentToken,
) -> Result<String, StoreError> {
    Ok(STANDARD.encode(seal_secret(keys, tenant, location, secret)?))
}

/// Opens the secret of a row.
pub(crate) fn secret(
    keys: &KeyRing,
    tenant: &TenantId,
    location: &LocationId,
    row: &dyn Columns,
) -> Result<StoredContentToken, StoreError> {
    let reading = Reading::new("tokens", KEY, row);
    let sealed =
        reading.parsed("sealed_secret", |text| STANDARD.decode(text).map_err(|_| "is not base64"))?;
    Ok(StoredContentToken {
        content_token: open_secret(keys, tenant, location, &sealed)?,
        generation: reading.number("secret_generation")?,
    })
}
