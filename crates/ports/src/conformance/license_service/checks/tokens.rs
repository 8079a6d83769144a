//! What a token meets that does not open its location, or not wholly: each has its number and its class.

use mdm_vpp_core::{
    apple_error::{ErrorClass, ErrorNumber},
    token::ContentToken,
};

use super::super::{
    FixtureCondition, LicenseServiceFixture, Violation,
    check_run::{CheckRun, ours},
    owned::app,
};
use crate::{ServiceError, ServiceErrorKind};

/// Apple's number and its class have to be in the error, and nothing of the secret.
fn refused_as(
    story: &CheckRun<'_>,
    step: &str,
    (number, class): (u32, ErrorClass),
    error: &ServiceError,
    token: &ContentToken,
) -> Result<(), Violation> {
    let number = ErrorNumber(number);
    match &error.kind {
        ServiceErrorKind::Apple(apple) => {
            story.promise.same(step, &(number, class), &(apple.number, apple.class))?;
        }
        other => return Err(story.promise.broken(step, format_args!("Apple's error {number}"), other)),
    }
    story.promise.keeps_secret(step, error, token)
}

/// A claim has to be refused, and to change nothing.
async fn cannot_claim(
    check: &'static str,
    stage: &dyn LicenseServiceFixture,
    condition: FixtureCondition,
    refusal: (u32, ErrorClass),
    can_read: bool,
) -> Result<(), Violation> {
    let story = CheckRun::begin(check, stage);
    let location = story.location(vec![app(1)]).await?;
    let token = story.download(&location, condition).await?.token;
    let (step, answer) = ("claiming", story.service().claim(&token, &ours()).await);
    refused_as(&story, step, refusal, &story.promise.fails(step, answer)?, &token)?;
    story.promise.same("the claim that Apple holds", &None, &story.held_claim(&location).await?)?;

    let (config, assets) =
        (story.service().client_config(&token).await, story.service().assets(&token).await);
    let (reading, listing) = ("reading the client config", "reading the assets");
    if can_read {
        let config = story.promise.works(reading, config)?;
        story.promise.same("the location", &location, &config.location.id)?;
        let assets = story.promise.works(listing, assets)?;
        return story.promise.same("the assets", &vec![app(1)], &assets.assets);
    }
    refused_as(&story, reading, refusal, &story.promise.fails(reading, config)?, &token)?;
    refused_as(&story, listing, refusal, &story.promise.fails(listing, assets)?, &token)
}

/// A token whose end is past is refused with 9621, whatever is asked.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_expired_token_is_refused(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let refusal = (9621, ErrorClass::TokenExpired);
    cannot_claim("an expired token is refused", stage, FixtureCondition::Expired, refusal, false).await
}

/// A token that Apple does not know is refused with 9622, whatever is asked.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_unknown_token_is_refused(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let refusal = (9622, ErrorClass::TokenRefused);
    cannot_claim("an unknown token is refused", stage, FixtureCondition::Unknown, refusal, false).await
}

/// A token that was revoked is refused with 9625, whatever is asked.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_revoked_token_is_refused(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let refusal = (9625, ErrorClass::TokenRefused);
    cannot_claim("a revoked token is refused", stage, FixtureCondition::Revoked, refusal, false).await
}

/// A token from before there were locations is refused with 9647, whatever is asked.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_legacy_token_is_refused(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let refusal = (9647, ErrorClass::NeedsPerson);
    cannot_claim("a legacy token is refused", stage, FixtureCondition::Legacy, refusal, false).await
}

/// A token that may only read is refused with 9637 when it claims, and reads.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_read_only_token_reads_and_cannot_claim(
    stage: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let check = "a read-only token reads and cannot claim";
    let refusal = (9637, ErrorClass::NeedsPerson);
    cannot_claim(check, stage, FixtureCondition::ReadOnly, refusal, true).await
}

/// A location that Apple manages itself is refused with 9645 when it is claimed, and can be read.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_location_that_apple_manages_is_read_and_cannot_be_claimed(
    stage: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let check = "a location that Apple manages is read and cannot be claimed";
    let refusal = (9645, ErrorClass::Claimed);
    cannot_claim(check, stage, FixtureCondition::ManagedByApple, refusal, true).await
}
