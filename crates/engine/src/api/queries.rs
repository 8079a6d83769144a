//! What can be read of a tenant's tokens, assets and apps.

use mdm_vpp_core::{
    catalog::{App, AssetKey, Pool},
    decide::catalog::{TokenDetailsRow, token_details},
    id::{AdamId, LocationId},
    token::TokenName,
};
use mdm_vpp_ports::{Apps, LoadScope, StoreError};

use super::{Page, PageQuery, Tenant, TokenOverview};
use crate::context::{all_tokens, one_token, token_page};

/// Where a page of Token Details begins: after an app, in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenDetailsCursor {
    /// The app's name, as its row shows it.
    pub name: Option<String>,
    /// The app.
    pub adam_id: AdamId,
}

impl Tenant {
    /// The tokens with their status, by name, in pages.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store failed.
    pub async fn tokens(
        &self,
        query: &PageQuery<TokenName>,
    ) -> Result<Page<TokenOverview, TokenName>, StoreError> {
        let now = self.context().now();
        let mut tokens = self.context().store().load(self.id(), &all_tokens()).await?.tokens;
        tokens.sort_by_cached_key(|token| token.settings.detail.name.folded());
        let overviews = tokens.into_iter().map(|token| TokenOverview::at(token, now));
        // Names differ by their folded form, so that is the key; a token that is renamed changes its place.
        let name = |overview: &TokenOverview| overview.token.settings.detail.name.clone();
        Ok(query.page(overviews, name, TokenName::folded))
    }

    /// One token with its status.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the store.
    pub async fn token(&self, location: &LocationId) -> Result<TokenOverview, StoreError> {
        let loaded = self.context().store().load(self.id(), &one_token(location)).await?;
        let token = loaded.token(location).cloned();
        token
            .map(|token| TokenOverview::at(token, self.context().now()))
            .ok_or_else(|| StoreError::UnknownToken { location: location.clone() })
    }

    /// The page Token Details: a row for each of the token's apps that came to a verdict, by name and then by id, in
    /// pages. Rows without a name come last.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the store.
    pub async fn token_details(
        &self,
        location: &LocationId,
        query: &PageQuery<TokenDetailsCursor>,
    ) -> Result<Page<TokenDetailsRow, TokenDetailsCursor>, StoreError> {
        let loaded = self.context().store().load(self.id(), &token_page(location)).await?;
        if loaded.token(location).is_none() {
            return Err(StoreError::UnknownToken { location: location.clone() });
        }
        let cursor =
            |row: &TokenDetailsRow| TokenDetailsCursor { name: row.name.clone(), adam_id: row.adam_id };
        let key = |cursor: &TokenDetailsCursor| (cursor.name.is_none(), cursor.name.clone(), cursor.adam_id);
        Ok(query.page(token_details(&loaded), cursor, key))
    }

    /// What a token's location owns, with its licenses, as the last sync read it: by app and quality, in pages. Assets are
    /// here that are in no catalog: macOS apps, books, and all of a token that adds nothing automatically.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the store.
    pub async fn assets(
        &self,
        location: &LocationId,
        query: &PageQuery<AssetKey>,
    ) -> Result<Page<Pool, AssetKey>, StoreError> {
        let scope = one_token(location).assets_of(location.clone());
        let mut loaded = self.context().store().load(self.id(), &scope).await?;
        if loaded.token(location).is_none() {
            return Err(StoreError::UnknownToken { location: location.clone() });
        }
        loaded.pools.sort_by_cached_key(Pool::key);
        Ok(query.page(loaded.pools, Pool::key, AssetKey::clone))
    }

    /// The apps of the tenant's catalog, by id, in pages.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store failed.
    pub async fn apps(&self, query: &PageQuery<AdamId>) -> Result<Page<App, AdamId>, StoreError> {
        let scope = LoadScope::default().apps(Apps::All);
        let apps = self.context().store().load(self.id(), &scope).await?.apps;
        Ok(query.page(apps.into_values(), |app| app.adam_id, |adam_id| *adam_id))
    }
}
