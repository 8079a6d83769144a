//! Secrets come back to the tenant that saved them.

use std::sync::Arc;

use mdm_vpp_core::{id::LocationId, token::Token};

use super::super::{
    Violation,
    rows::{insert, replace, update},
    store_fixture::StoreFixture,
};
use crate::{Store, StoredContentToken};

async fn opens(fixture: &StoreFixture, location: &LocationId) -> Result<StoredContentToken, Violation> {
    fixture.works("opening the secret", fixture.store.content_token(&fixture.acme, location).await)
}

async fn same_secret(
    fixture: &StoreFixture,
    step: &str,
    (text, generation): (&str, u32),
) -> Result<(), Violation> {
    let found = opens(fixture, &fixture.berlin).await?;
    fixture.same(step, &(text, generation), &(found.content_token.expose(), found.generation))
}

/// A secret comes back with its generation; a replacement brings its own, any other change leaves it alone.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_secret_comes_back_with_its_generation(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a secret comes back with its generation", store)?;
    let token = fixture.token(&fixture.berlin, "Berlin")?;
    let first = "eyJvcmdOYW1lIjoiRXhhbXBsZSJ9-._~+/=";
    fixture.save(&fixture.acme, insert(token.clone(), fixture.secret(first)?)).await?;
    same_secret(&fixture, "after the upload", (first, 1)).await?;
    fixture.save(&fixture.acme, update(fixture.token(&fixture.berlin, "Renamed")?)).await?;
    same_secret(&fixture, "after a change of the name", (first, 1)).await?;
    let renewed = Token { generation: 2, ..token };
    fixture.save(&fixture.acme, replace(renewed.clone(), fixture.secret("second")?)).await?;
    same_secret(&fixture, "after a replacement", ("second", 2)).await?;
    let loaded = fixture.all_of(&fixture.acme, &fixture.berlin).await?;
    fixture.same("the token after a replacement", &vec![renewed], &loaded.tokens)
}

/// A secret of any length comes back.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_long_secret_comes_back(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a long secret comes back", store)?;
    let long = "Ab9+/".repeat(13_000);
    fixture
        .save(&fixture.acme, insert(fixture.token(&fixture.berlin, "Berlin")?, fixture.secret(&long)?))
        .await?;
    same_secret(&fixture, "the secret", (&long, 1)).await
}

/// A token that the tenant does not have has no secret for it, also when another tenant has it.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn there_is_no_secret_of_an_unknown_token(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("there is no secret of an unknown token", store)?;
    fixture.save(&fixture.globex, fixture.upload(&fixture.munich, "Munich")?).await?;
    for location in [&fixture.berlin, &fixture.munich] {
        let answer = fixture.store.content_token(&fixture.acme, location).await;
        fixture.same("the answer", &Some("unknown_token"), &answer.err().map(|error| error.code()))?;
    }
    Ok(())
}
