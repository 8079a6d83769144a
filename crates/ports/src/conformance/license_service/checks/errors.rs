//! Errors: recognised beside any status, and silent about the secret.

use mdm_vpp_core::{apple_error::ErrorNumber, token::ContentToken};

use super::super::{
    FixtureRequest, LicenseServiceFixture, Violation,
    check_run::{CheckRun, ours},
    owned::app,
};
use crate::ServiceError;

const REQUESTS: [FixtureRequest; 3] =
    [FixtureRequest::ClientConfig, FixtureRequest::Claim, FixtureRequest::Assets { page: 0 }];

/// Asks once; what a good answer holds does not matter here.
async fn ask(
    story: &CheckRun<'_>,
    request: FixtureRequest,
    token: &ContentToken,
) -> Result<(), ServiceError> {
    let service = story.service();
    match request {
        FixtureRequest::ClientConfig => service.client_config(token).await.map(drop),
        FixtureRequest::Claim => service.claim(token, &ours()).await.map(drop),
        FixtureRequest::Assets { .. } => service.assets(token).await.map(drop),
    }
}

/// A number beside status 200 is an error of that number, also one that nobody knows; the next call works.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_number_beside_status_200_is_an_error(
    stage: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a number beside status 200 is an error", stage);
    let location = story.location(vec![app(1)]).await?;
    let token = story.usable(&location).await?;
    for request in REQUESTS {
        for number in [ErrorNumber(9602), ErrorNumber(9625), ErrorNumber(9799)] {
            let step = format!("{request:?} with {number}");
            story.promise.staged(stage.answer_with_error(request, number, "No").await)?;
            let error = story.promise.fails(&step, ask(&story, request, &token).await)?;
            story.promise.same(&step, &Some(number), &error.number())?;
            story.promise.staged(stage.answer_well().await)?;
        }
        story.promise.works(&format!("{request:?} afterwards"), ask(&story, request, &token).await)?;
    }
    Ok(())
}

/// A token that Apple's own message repeats comes into no error.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn no_error_holds_the_secret(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("no error holds the secret", stage);
    let location = story.location(vec![app(1)]).await?;
    let token = story.usable(&location).await?;
    // Once alone, once where a cut after 500 characters would leave a part of it.
    for filler in [0, 460] {
        let message = format!("{} Bearer {}", "x ".repeat(filler / 2), token.expose());
        for request in REQUESTS {
            let step = format!("{request:?} answered with the secret after {filler} characters");
            story.promise.staged(stage.answer_with_error(request, ErrorNumber(9722), &message).await)?;
            let error = story.promise.fails(&step, ask(&story, request, &token).await)?;
            story.promise.keeps_secret(&step, &error, &token)?;
            story.promise.staged(stage.answer_well().await)?;
        }
    }
    Ok(())
}
