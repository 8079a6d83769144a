//! The secrets of tokens, sealed.

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::{ContentToken, Token},
};
use mdm_vpp_ports::{StoreError, StoredContentToken};
use rusqlite::{Transaction, params};

use super::failure::failed;
use crate::{rows, sealing::KeyRing};

const READING: &str = "reading a secret";
const WRITING: &str = "writing a secret";

/// Seals and saves the secret of a token that is there.
pub(super) fn put(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    token: &Token,
    secret: &ContentToken,
    keys: &KeyRing,
) -> Result<(), StoreError> {
    let sealed = rows::token::sealed(keys, tenant, token.id(), secret)?;
    transaction
        .prepare_cached(
            "UPDATE tokens SET sealed_secret = ?3, secret_generation = ?4
             WHERE tenant = ?1 AND location = ?2",
        )
        .and_then(|mut statement| {
            statement.execute(params![tenant.as_str(), token.id().as_str(), sealed, token.generation])
        })
        .map_err(failed(WRITING))?;
    Ok(())
}

/// Opens the secret of a token.
pub(super) fn open(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
    keys: &KeyRing,
) -> Result<StoredContentToken, StoreError> {
    let mut statement = transaction
        .prepare_cached(
            "SELECT tenant, location, sealed_secret, secret_generation FROM tokens
             WHERE tenant = ?1 AND location = ?2",
        )
        .map_err(failed(READING))?;
    let mut found = statement.query(params![tenant.as_str(), location.as_str()]).map_err(failed(READING))?;
    let Some(row) = found.next().map_err(failed(READING))? else {
        return Err(StoreError::UnknownToken { location: location.clone() });
    };
    rows::token::secret(keys, tenant, location, row)
}
