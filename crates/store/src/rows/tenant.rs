//! Rows of tenants: their transactions, their tokens with sealed secrets, and their audit log.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mdm_vpp_core::{
    id::{Actor, LocationId, TenantId, TextIdError},
    token::{ContentToken, Token},
    transaction::{AuditEntry, AuditPosition},
};
use mdm_vpp_ports::{StoreError, StoredContentToken};

use super::{Columns, Reading};
use crate::sealing::{KeyRing, open_content_token, seal_content_token};

/// The columns of a token's key.
const TOKEN_KEY: &[&str] = &["tenant", "location"];

/// The number of transactions of a tenant.
pub(crate) fn transactions(row: &dyn Columns) -> Result<u64, StoreError> {
    Reading::new("tenants", &["tenant"], row).number("transactions")
}

/// A row as a token.
pub(crate) fn token(row: &dyn Columns) -> Result<Token, StoreError> {
    let reading = Reading::new("tokens", TOKEN_KEY, row);
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

/// The tenant of a token's row, of which only the tenant was selected.
pub(crate) fn tenant_of(location: &LocationId, tenant: String) -> Result<TenantId, StoreError> {
    TenantId::new(tenant).map_err(|error: TextIdError| StoreError::Unreadable {
        row: format!("tokens (location {location})"),
        reason: format!("column `tenant`: {error}"),
    })
}

/// The envelope of a secret as the text of its column.
pub(crate) fn sealed_secret(
    keys: &KeyRing,
    tenant: &TenantId,
    location: &LocationId,
    secret: &ContentToken,
) -> Result<String, StoreError> {
    Ok(STANDARD.encode(seal_content_token(keys, tenant, location, secret)?))
}

/// Opens the secret of a row.
pub(crate) fn open_secret(
    keys: &KeyRing,
    tenant: &TenantId,
    location: &LocationId,
    row: &dyn Columns,
) -> Result<StoredContentToken, StoreError> {
    let reading = Reading::new("tokens", TOKEN_KEY, row);
    let sealed =
        reading.parsed("sealed_secret", |text| STANDARD.decode(text).map_err(|_| "is not base64"))?;
    Ok(StoredContentToken {
        content_token: open_content_token(keys, tenant, location, &sealed)?,
        generation: reading.number("secret_generation")?,
    })
}

/// A row as an entry of the audit log.
pub(crate) fn audit_entry(row: &dyn Columns) -> Result<AuditEntry, StoreError> {
    let reading = Reading::new("audit", &["tenant", "transaction_number", "entry"], row);
    Ok(AuditEntry {
        position: AuditPosition {
            transaction: reading.number("transaction_number")?,
            index: reading.number("entry")?,
        },
        at: reading.time("written_at")?,
        actor: reading.parsed("actor", Actor::new)?,
        act: reading.document("act")?,
    })
}
