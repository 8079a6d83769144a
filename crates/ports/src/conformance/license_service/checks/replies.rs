//! What every reply tells, and what an error tells and hides.

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    token::{ContentToken, Location, MdmInfo, StoreKind},
};

use super::super::{
    FixtureCondition, FixtureLocation, FixtureRequest, LicenseServiceFixture, Violation,
    check_run::{CheckRun, app, ours, theirs},
};
use crate::ServiceError;

/// The client config tells the id, name, country and kind of the token's own location.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn the_client_config_tells_the_location(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("the client config tells the location", fixture);
    for (name, country, store) in
        [("Müller & Söhne, 東京", "DE", StoreKind::Business), ("Example School", "US", StoreKind::Education)]
    {
        let country = run.region(country)?;
        let wanted = FixtureLocation { name: name.to_owned(), country, store, assets: vec![app(1)] };
        let id = run.prepared(fixture.location(&wanted).await)?;
        let token = run.usable(&id).await?;
        let expected = Location { id, name: name.to_owned(), country: Some(country), store };
        let read = run.promise.works("reading", run.service().client_config(&token).await)?;
        run.promise.same("the location when it is read", &expected, &read.location)?;
        let claimed = run.promise.works("claiming", run.service().claim(&token, &ours()).await)?;
        run.promise.same("the location when it is claimed", &expected, &claimed.location)?;
        let assets = run.promise.works("the assets", run.service().assets(&token).await)?;
        run.promise.same("the location of the assets", &Some(expected.id), &assets.location)?;
    }
    Ok(())
}

/// Every reply tells when the token ends that query, not another of the location.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_reply_tells_when_the_token_ends(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("every reply tells when the token ends", fixture);
    let location = run.location(vec![app(1)]).await?;
    for _ in 0..2 {
        let download = run.download(&location, FixtureCondition::Usable).await?;
        let (token, ends) = (&download.token, Some(download.expires_at));
        let read = run.promise.works("reading", run.service().client_config(token).await)?;
        run.promise.same("the end when the client config is read", &ends, &read.reply.expires_at)?;
        let claimed = run.promise.works("claiming", run.service().claim(token, &ours()).await)?;
        run.promise.same("the end when the location is claimed", &ends, &claimed.reply.expires_at)?;
        let assets = run.promise.works("the assets", run.service().assets(token).await)?;
        run.promise.same("the end when the assets are read", &ends, &assets.reply.expires_at)?;
    }
    Ok(())
}

/// Every reply tells the location's claim; without one it tells none.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_reply_tells_the_claim(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("every reply tells the claim", fixture);
    let location = run.location(vec![app(1)]).await?;
    let token = run.usable(&location).await?;
    let tells = async |step: &str, claim: Option<MdmInfo>| {
        run.promise.same(&format!("the client config, {step}"), &claim, &run.told_claim(&token).await?)?;
        let assets = run.promise.works("the assets", run.service().assets(&token).await)?;
        run.promise.same(&format!("the assets, {step}"), &claim, &assets.reply.mdm_info)
    };
    tells("without a claim", None).await?;
    run.prepared(fixture.claim_by_other(&location, &theirs()).await)?;
    tells("claimed by another", Some(theirs())).await?;
    run.promise.same("the claim", &Some(ours()), &run.claims(&token, &ours()).await?)?;
    tells("claimed by us", Some(ours())).await
}

const REQUESTS: [FixtureRequest; 3] =
    [FixtureRequest::ClientConfig, FixtureRequest::Claim, FixtureRequest::Assets { page: 0 }];

/// Makes one call; what a good answer holds does not matter here.
async fn ask(run: &CheckRun<'_>, request: FixtureRequest, token: &ContentToken) -> Result<(), ServiceError> {
    let service = run.service();
    match request {
        FixtureRequest::ClientConfig => service.client_config(token).await.map(drop),
        FixtureRequest::Claim => service.claim(token, &ours()).await.map(drop),
        FixtureRequest::Assets { .. } => service.assets(token).await.map(drop),
    }
}

/// A number beside status 200 is an error of that number, also an unknown one; the next call works.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_number_beside_status_200_is_an_error(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a number beside status 200 is an error", fixture);
    let location = run.location(vec![app(1)]).await?;
    let token = run.usable(&location).await?;
    for request in REQUESTS {
        for number in [ErrorNumber(9602), ErrorNumber(9625), ErrorNumber(9799)] {
            let step = format!("{request:?} with {number}");
            run.prepared(fixture.answer_with_error(request, number, "No").await)?;
            let error = run.promise.fails(&step, ask(&run, request, &token).await)?;
            run.promise.same(&step, &Some(number), &error.number())?;
            run.prepared(fixture.answer_normally().await)?;
        }
        run.promise.works(&format!("{request:?} afterwards"), ask(&run, request, &token).await)?;
    }
    Ok(())
}

/// No error holds a token that Apple's own message repeats.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn no_error_holds_the_secret(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("no error holds the secret", fixture);
    let location = run.location(vec![app(1)]).await?;
    let token = run.usable(&location).await?;
    // Once alone, once where a cut after 500 characters would leave a part of it.
    for filler in [0, 460] {
        let message = format!("{} Bearer {}", "x ".repeat(filler / 2), token.expose());
        for request in REQUESTS {
            let step = format!("{request:?} answered with the secret after {filler} characters");
            run.prepared(fixture.answer_with_error(request, ErrorNumber(9722), &message).await)?;
            let error = run.promise.fails(&step, ask(&run, request, &token).await)?;
            run.promise.keeps_secret(&step, &error, &token)?;
            run.prepared(fixture.answer_normally().await)?;
        }
    }
    Ok(())
}
