//! How is asked: for nothing, for many, and in vain.

use std::collections::BTreeMap;

use mdm_vpp_core::{apple_error::ErrorNumber, catalog::Lookup, id::AdamId};

use super::super::{AppMetadataFixture, Violation, check_run::CheckRun};

/// A query about nothing is answered without a request.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn a_query_about_nothing_sends_nothing(stage: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("a query about nothing sends nothing", stage)?;
    let app = story.app(1);
    story.list(&app).await?;
    let token = story.token_of_owner(&[]).await?;
    let requests = async || story.promise.staged(stage.requests().await);
    let before = requests().await?;
    let found = story.promise.works("asking for nothing", story.ask(&token, &story.query(vec![])).await)?;
    story.promise.same("the answer", &BTreeMap::new(), &found)?;
    story.promise.same("the requests", &before, &requests().await?)?;
    story.listing("asking for something", &token, &story.query(vec![app.adam_id])).await?;
    if requests().await? == before {
        return Err(story.promise.broken("asking for something", "a request", "none"));
    }
    Ok(())
}

/// Every one of 120 apps in one query has its answer: those that are there and those that are not.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn every_app_of_a_long_query_is_answered(stage: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("every app of a long query is answered", stage)?;
    let mut expected = BTreeMap::new();
    for number in 1..=120 {
        let app = story.app(number);
        let listed = number % 2 == 0;
        if listed {
            story.list(&app).await?;
        }
        expected.insert(app.adam_id, listed.then_some(app.name));
    }
    let token = story.token_of_owner(&[]).await?;
    // Neither in order nor each once.
    let asked: Vec<AdamId> = expected.keys().rev().chain(expected.keys().take(5)).copied().collect();
    let found = story.promise.works("asking for 120 apps", story.ask(&token, &story.query(asked)).await)?;
    let name = |lookup| match lookup {
        Lookup::Listed(listing) => Some(listing.name),
        Lookup::NotListed => None,
    };
    let told: BTreeMap<_, _> = found.into_iter().map(|(id, lookup)| (id, name(lookup))).collect();
    story.promise.same("the names of 120 apps", &expected, &told)
}

/// A store that answers with an error says of no app that it is not there; the next query works.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn an_error_says_of_no_app_that_it_is_not_there(
    stage: &dyn AppMetadataFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("an error says of no app that it is not there", stage)?;
    let app = story.app(1);
    story.list(&app).await?;
    let token = story.token_of_owner(&[]).await?;
    let query = story.query(vec![app.adam_id]);
    let number = ErrorNumber(9602);
    story.promise.staged(stage.answer_with_error(number, "Invalid argument").await)?;
    let error = story.promise.fails("a query in vain", story.ask(&token, &query).await)?;
    story.promise.same("its number", &Some(number), &error.number())?;
    story.promise.staged(stage.answer_well().await)?;
    story.listing("the next query", &token, &query).await.map(drop)
}

/// A token that the store's own message repeats comes into no error.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn no_error_holds_the_secret(stage: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("no error holds the secret", stage)?;
    let app = story.app(1);
    story.list(&app).await?;
    let token = story.token_of_owner(&[app.adam_id]).await?;
    let message = format!("itvt={}; is not for this store", token.expose());
    story.promise.staged(stage.answer_with_error(ErrorNumber(9722), &message).await)?;
    let query = story.query(vec![app.adam_id]);
    let error = story.promise.fails("a query in vain", story.ask(&token, &query).await)?;
    story.promise.keeps_secret("its error", &error, &token)
}
