//! One customer of the host: what can be read of it.

use std::{fmt, sync::Arc};

use mdm_vpp_core::{
    catalog::{App, Pool},
    decide::catalog::{TokenDetailsRow, token_details},
    id::{LocationId, TenantId},
    transaction::{AuditEntry, AuditPosition},
};
use mdm_vpp_ports::{Apps, LoadScope, StoreError};

use crate::{
    TokenOverview,
    transact::{all_tokens, one_token, token_page},
    vpp::Context,
};

/// One customer of the host. Nothing of another tenant can be reached through it.
#[derive(Clone)]
pub struct Tenant {
    pub(crate) parts: Arc<Context>,
    pub(crate) id: TenantId,
}

/// A page of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditPage {
    /// The entries, in order.
    pub entries: Vec<AuditEntry>,
    /// Where to go on; the same as was asked for when there was nothing new.
    pub next: AuditPosition,
}

impl Tenant {
    /// The tenant's id.
    #[must_use]
    pub const fn id(&self) -> &TenantId {
        &self.id
    }

    /// All tokens with their status, by name.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store failed.
    pub async fn tokens(&self) -> Result<Vec<TokenOverview>, StoreError> {
        let now = self.parts.clock.now();
        let mut tokens = self.parts.store.load(&self.id, &all_tokens()).await?.tokens;
        tokens.sort_by_key(|token| token.settings.detail.name.folded());
        Ok(tokens.into_iter().map(|token| TokenOverview::at(token, now)).collect())
    }

    /// One token with its status.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the store.
    pub async fn token(&self, token: &LocationId) -> Result<TokenOverview, StoreError> {
        let loaded = self.parts.store.load(&self.id, &one_token(token)).await?;
        let found = loaded.token(token).cloned();
        found
            .map(|found| TokenOverview::at(found, self.parts.clock.now()))
            .ok_or_else(|| StoreError::UnknownToken { location: token.clone() })
    }

    /// The Token Details page: a row for each of the token's apps that came to a verdict, by name and then by id.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the store.
    pub async fn token_details(&self, token: &LocationId) -> Result<Vec<TokenDetailsRow>, StoreError> {
        let loaded = self.parts.store.load(&self.id, &token_page(token)).await?;
        if loaded.token(token).is_none() {
            return Err(StoreError::UnknownToken { location: token.clone() });
        }
        Ok(token_details(&loaded))
    }

    /// What a token's location owns, with its licenses, as the last sync read it: by app and quality. Assets are
    /// here that are in no catalog: macOS apps, books, and all of a token that adds nothing automatically.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the store.
    pub async fn assets(&self, token: &LocationId) -> Result<Vec<Pool>, StoreError> {
        let scope = LoadScope { assets_of: Some(token.clone()), ..one_token(token) };
        let loaded = self.parts.store.load(&self.id, &scope).await?;
        if loaded.token(token).is_none() {
            return Err(StoreError::UnknownToken { location: token.clone() });
        }
        Ok(loaded.pools)
    }

    /// The apps of the tenant's catalog, by id.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store failed.
    pub async fn apps(&self) -> Result<Vec<App>, StoreError> {
        let scope = LoadScope { apps: Apps::All, ..LoadScope::default() };
        Ok(self.parts.store.load(&self.id, &scope).await?.apps.into_values().collect())
    }

    /// The audit log after a position, at most `limit` entries; begin with `AuditPosition::default()`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store failed.
    pub async fn audit_since(&self, after: AuditPosition, limit: usize) -> Result<AuditPage, StoreError> {
        let entries = self.parts.store.audit_since(&self.id, after, limit).await?;
        let next = entries.last().map_or(after, |entry| entry.position);
        Ok(AuditPage { entries, next })
    }
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tenant").field(&self.id.as_str()).finish()
    }
}
