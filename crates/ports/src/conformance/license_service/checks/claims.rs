//! Claims: of one location, by the last who made one, for all to see.

use super::super::{
    LicenseServiceFixture, Violation,
    check_run::{CheckRun, ours, theirs},
};

/// Claiming twice changes nothing, and both answers tell the claim.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn claiming_twice_changes_nothing(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("claiming twice changes nothing", stage);
    let (location, token) = story.empty_location().await?;
    for step in ["the first time", "the second time"] {
        story.promise.same(step, &Some(ours()), &story.claims(&token, &ours()).await?)?;
        story.promise.same(step, &Some(ours()), &story.held_claim(&location).await?)?;
    }
    Ok(())
}

/// The last claim stays, whoever made the one before.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn the_last_claim_stays(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("the last claim stays", stage);
    let (location, token) = story.empty_location().await?;
    story.promise.staged(stage.claim_by_other(&location, &theirs()).await)?;
    story.claims(&token, &ours()).await?;
    story.promise.same("ours after theirs", &Some(ours()), &story.held_claim(&location).await?)?;
    story.promise.staged(stage.claim_by_other(&location, &theirs()).await)?;
    story.promise.same("theirs after ours", &Some(theirs()), &story.told_claim(&token).await?)?;
    story.claims(&token, &theirs()).await?;
    story.promise.same("theirs by us", &Some(theirs()), &story.held_claim(&location).await?)
}

/// Every token of a location sees the claim that one of them made.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_token_of_a_location_sees_the_claim(
    stage: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("every token of a location sees the claim", stage);
    let (location, first) = story.empty_location().await?;
    let second = story.usable(&location).await?;
    story.claims(&first, &ours()).await?;
    story.promise.same("by the other token", &Some(ours()), &story.told_claim(&second).await?)?;
    story.claims(&second, &theirs()).await?;
    story.promise.same("by the first token", &Some(theirs()), &story.told_claim(&first).await?)
}

/// A claim is of the token's own location and of no other.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_claim_is_of_one_location(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("a claim is of one location", stage);
    let (_, token) = story.empty_location().await?;
    let (other, other_token) = story.empty_location().await?;
    story.claims(&token, &ours()).await?;
    story.promise.same("held for the other", &None, &story.held_claim(&other).await?)?;
    story.promise.same("told to the other's token", &None, &story.told_claim(&other_token).await?)
}
