//! Tokens stand beside each other: one for each location, names that differ, changes only of what is there.

use std::sync::Arc;

use super::super::{
    Violation,
    rows::{insert, replace, update},
    store_fixture::StoreFixture,
};
use crate::Store;

/// A tenant cannot add a second token for a location.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_location_has_one_token_in_a_tenant(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a location has one token in a tenant", store)?;
    story.turn(&story.acme, story.upload(&story.berlin, "Berlin")?).await?;
    let before = story.all_of(&story.acme, &story.berlin).await?;
    let second = insert(story.token(&story.berlin, "Second")?, story.secret("second")?);
    let refusal = story.refused(&story.acme, second).await?;
    story.refused_as("the answer", "location_taken", &refusal)?;
    story.same("the tenant", &before, &story.all_of(&story.acme, &story.berlin).await?)
}

/// Two tenants cannot have tokens of the same location.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_location_has_one_token_over_all_tenants(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a location has one token over all tenants", store)?;
    story.turn(&story.acme, story.upload(&story.berlin, "Berlin")?).await?;
    let refusal = story.refused(&story.globex, story.upload(&story.berlin, "Other name")?).await?;
    story.refused_as("the answer", "location_in_other_tenant", &refusal)?;
    story.same("turns of the other tenant", &0, &story.turns_of(&story.globex).await?)
}

/// A name is taken in its tenant without regard to case, when a token is added and when it is renamed.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_name_is_taken_without_regard_to_case(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a name is taken without regard to case", store)?;
    story.turn(&story.acme, story.upload(&story.berlin, "Straße Ä")?).await?;
    let refusal = story.refused(&story.acme, story.upload(&story.munich, "STRASSE ä")?).await?;
    story.refused_as("adding", "name_taken", &refusal)?;
    story.turn(&story.acme, story.upload(&story.munich, "Munich")?).await?;
    let refusal = story.refused(&story.acme, update(story.token(&story.munich, "straße ä")?)).await?;
    story.refused_as("renaming", "name_taken", &refusal)?;
    story.turn(&story.acme, update(story.token(&story.berlin, "STRASSE Ä")?)).await
}

/// A name that a token gave up is free.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_name_that_was_given_up_is_free(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a name that was given up is free", store)?;
    story.turn(&story.acme, story.upload(&story.berlin, "Berlin")?).await?;
    story.turn(&story.acme, update(story.token(&story.berlin, "Old")?)).await?;
    story.turn(&story.acme, story.upload(&story.munich, "Berlin")?).await
}

/// A change of a token that the tenant does not have is refused, also when another tenant has it.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn only_a_token_that_is_there_can_be_changed(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("only a token that is there can be changed", store)?;
    story.turn(&story.globex, story.upload(&story.munich, "Munich")?).await?;
    let before = story.all_of(&story.globex, &story.munich).await?;
    for location in [&story.berlin, &story.munich] {
        let token = story.token(location, "New name")?;
        let refusal = story.refused(&story.acme, update(token.clone())).await?;
        story.refused_as("an update", "unknown_token", &refusal)?;
        let refusal = story.refused(&story.acme, replace(token, story.secret("fresh")?)).await?;
        story.refused_as("a replacement", "unknown_token", &refusal)?;
    }
    story.same("turns", &0, &story.turns_of(&story.acme).await?)?;
    story.same("the other tenant", &before, &story.all_of(&story.globex, &story.munich).await?)
}
