//! Secrets come back to who may have them.

use std::sync::Arc;

use mdm_vpp_core::{id::LocationId, token::Token};

use super::super::{
    Violation,
    rows::{insert, replace, update},
    store_fixture::StoreFixture,
};
use crate::{Store, StoredContentToken};

async fn opens(story: &StoreFixture, location: &LocationId) -> Result<StoredContentToken, Violation> {
    story.works("opening the secret", story.store.content_token(&story.acme, location).await)
}

async fn same_secret(
    story: &StoreFixture,
    step: &str,
    (text, generation): (&str, u32),
) -> Result<(), Violation> {
    let found = opens(story, &story.berlin).await?;
    story.same(step, &(text, generation), &(found.content_token.expose(), found.generation))
}

/// A secret comes back with its generation; a replacement brings its own, any other change leaves it alone.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_secret_comes_back_with_its_generation(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a secret comes back with its generation", store)?;
    let token = story.token(&story.berlin, "Berlin")?;
    let first = "eyJvcmdOYW1lIjoiRXhhbXBsZSJ9-._~+/=";
    story.turn(&story.acme, insert(token.clone(), story.secret(first)?)).await?;
    same_secret(&story, "after the upload", (first, 1)).await?;
    story.turn(&story.acme, update(story.token(&story.berlin, "Renamed")?)).await?;
    same_secret(&story, "after a change of the name", (first, 1)).await?;
    let renewed = Token { generation: 2, ..token };
    story.turn(&story.acme, replace(renewed.clone(), story.secret("second")?)).await?;
    same_secret(&story, "after a replacement", ("second", 2)).await?;
    let loaded = story.all_of(&story.acme, &story.berlin).await?;
    story.same("the token after a replacement", &vec![renewed], &loaded.tokens)
}

/// A secret of any length comes back.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_long_secret_comes_back(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a long secret comes back", store)?;
    let long = "Ab9+/".repeat(13_000);
    story.turn(&story.acme, insert(story.token(&story.berlin, "Berlin")?, story.secret(&long)?)).await?;
    same_secret(&story, "the secret", (&long, 1)).await
}

/// A token that the tenant does not have has no secret for it, also when another tenant has it.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn there_is_no_secret_of_an_unknown_token(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("there is no secret of an unknown token", store)?;
    story.turn(&story.globex, story.upload(&story.munich, "Munich")?).await?;
    for location in [&story.berlin, &story.munich] {
        let answer = story.store.content_token(&story.acme, location).await;
        story.same("the answer", &Some("unknown_token"), &answer.err().map(|error| error.code()))?;
    }
    Ok(())
}
