//! Tokens that Apple refuses, and claims.

use mdm_vpp_core::{
    apple_error::{ErrorClass, ErrorNumber},
    token::ContentToken,
};

use super::super::{
    FixtureCondition, LicenseServiceFixture, Violation,
    check_run::{CheckRun, app, ours, theirs},
};
use crate::{ServiceError, ServiceErrorKind};

/// Apple's number and its class have to be in the error, and nothing of the secret.
fn refused_as(
    run: &CheckRun<'_>,
    step: &str,
    (number, class): (u32, ErrorClass),
    error: &ServiceError,
    token: &ContentToken,
) -> Result<(), Violation> {
    let number = ErrorNumber(number);
    match &error.kind {
        ServiceErrorKind::Apple { .. } => {
            run.promise.same(step, &(Some(number), Some(class)), &(error.number(), error.class()))?;
        }
        other => return Err(run.promise.broken(step, format_args!("Apple's error {number}"), other)),
    }
    run.promise.keeps_secret(step, error, token)
}

/// A claim has to be refused, and to change nothing.
async fn cannot_claim(
    check: &'static str,
    fixture: &dyn LicenseServiceFixture,
    condition: FixtureCondition,
    refusal: (u32, ErrorClass),
    can_read: bool,
) -> Result<(), Violation> {
    let run = CheckRun::begin(check, fixture);
    let location = run.location(vec![app(1)]).await?;
    let token = run.download(&location, condition).await?.token;
    let (step, answer) = ("claiming", run.service().claim(&token, &ours()).await);
    refused_as(&run, step, refusal, &run.promise.fails(step, answer)?, &token)?;
    run.promise.same("the claim that Apple holds", &None, &run.held_claim(&location).await?)?;

    let (config, assets) = (run.service().client_config(&token).await, run.service().assets(&token).await);
    let (reading, listing) = ("reading the client config", "reading the assets");
    if can_read {
        let config = run.promise.works(reading, config)?;
        run.promise.same("the location", &location, &config.location.id)?;
        let assets = run.promise.works(listing, assets)?;
        return run.promise.same("the assets", &vec![app(1)], &assets.assets);
    }
    refused_as(&run, reading, refusal, &run.promise.fails(reading, config)?, &token)?;
    refused_as(&run, listing, refusal, &run.promise.fails(listing, assets)?, &token)
}

/// A token whose end is past is refused with 9621, whatever is query.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_expired_token_is_refused(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let refusal = (9621, ErrorClass::TokenExpired);
    cannot_claim("an expired token is refused", fixture, FixtureCondition::Expired, refusal, false).await
}

/// A token that Apple does not know is refused with 9622, whatever is query.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_unknown_token_is_refused(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let refusal = (9622, ErrorClass::TokenRefused);
    cannot_claim("an unknown token is refused", fixture, FixtureCondition::Unknown, refusal, false).await
}

/// A token that was revoked is refused with 9625, whatever is query.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_revoked_token_is_refused(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let refusal = (9625, ErrorClass::TokenRefused);
    cannot_claim("a revoked token is refused", fixture, FixtureCondition::Revoked, refusal, false).await
}

/// A token from before there were locations is refused with 9647, whatever is query.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_legacy_token_is_refused(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let refusal = (9647, ErrorClass::NeedsPerson);
    cannot_claim("a legacy token is refused", fixture, FixtureCondition::Legacy, refusal, false).await
}

/// A token that may only read is refused with 9637 when it claims, and reads.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_read_only_token_reads_and_cannot_claim(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let check = "a read-only token reads and cannot claim";
    let refusal = (9637, ErrorClass::NeedsPerson);
    cannot_claim(check, fixture, FixtureCondition::ReadOnly, refusal, true).await
}

/// A location that Apple manages itself is refused with 9645 when it is claimed, and can be read.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_location_that_apple_manages_is_read_and_cannot_be_claimed(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let check = "a location that Apple manages is read and cannot be claimed";
    let refusal = (9645, ErrorClass::Claimed);
    cannot_claim(check, fixture, FixtureCondition::ManagedByApple, refusal, true).await
}

/// Claiming twice changes nothing, and both answers tell the claim.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn claiming_twice_changes_nothing(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("claiming twice changes nothing", fixture);
    let (location, token) = run.empty_location().await?;
    for step in ["the first time", "the second time"] {
        run.promise.same(step, &Some(ours()), &run.claims(&token, &ours()).await?)?;
        run.promise.same(step, &Some(ours()), &run.held_claim(&location).await?)?;
    }
    Ok(())
}

/// The last claim stays, in place of any before.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn the_last_claim_stays(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("the last claim stays", fixture);
    let (location, token) = run.empty_location().await?;
    run.prepared(fixture.claim_by_other(&location, &theirs()).await)?;
    run.claims(&token, &ours()).await?;
    run.promise.same("ours after theirs", &Some(ours()), &run.held_claim(&location).await?)?;
    run.prepared(fixture.claim_by_other(&location, &theirs()).await)?;
    run.promise.same("theirs after ours", &Some(theirs()), &run.told_claim(&token).await?)?;
    run.claims(&token, &theirs()).await?;
    run.promise.same("theirs by us", &Some(theirs()), &run.held_claim(&location).await?)
}

/// Every token of a location sees the claim that one of them made.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_token_of_a_location_sees_the_claim(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("every token of a location sees the claim", fixture);
    let (location, first) = run.empty_location().await?;
    let second = run.usable(&location).await?;
    run.claims(&first, &ours()).await?;
    run.promise.same("by the other token", &Some(ours()), &run.told_claim(&second).await?)?;
    run.claims(&second, &theirs()).await?;
    run.promise.same("by the first token", &Some(theirs()), &run.told_claim(&first).await?)
}

/// A claim is of the token's own location and of no other.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_claim_is_of_one_location(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("a claim is of one location", fixture);
    let (_, token) = run.empty_location().await?;
    let (other, other_token) = run.empty_location().await?;
    run.claims(&token, &ours()).await?;
    run.promise.same("held for the other", &None, &run.held_claim(&other).await?)?;
    run.promise.same("told to the other's token", &None, &run.told_claim(&other_token).await?)
}
