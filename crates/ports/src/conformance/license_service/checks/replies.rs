//! What every reply tells: the location, when the token ends, who claims.

use mdm_vpp_core::token::{Location, MdmInfo, StoreKind};

use super::super::{
    FixtureCondition, FixtureLocation, LicenseServiceFixture, Violation,
    check_run::{CheckRun, ours, theirs},
    owned::app,
};

/// The client config tells the id, name, country and kind of the token's own location.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn the_client_config_tells_the_location(
    stage: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("the client config tells the location", stage);
    for (name, country, store) in
        [("Müller & Söhne, 東京", "DE", StoreKind::Business), ("Example School", "US", StoreKind::Education)]
    {
        let country = story.region(country)?;
        let wanted = FixtureLocation { name: name.to_owned(), country, store, assets: vec![app(1)] };
        let id = story.promise.staged(stage.location(&wanted).await)?;
        let token = story.usable(&id).await?;
        let expected = Location { id, name: name.to_owned(), country: Some(country), store };
        let read = story.promise.works("reading", story.service().client_config(&token).await)?;
        story.promise.same("the location when it is read", &expected, &read.location)?;
        let claimed = story.promise.works("claiming", story.service().claim(&token, &ours()).await)?;
        story.promise.same("the location when it is claimed", &expected, &claimed.location)?;
        let assets = story.promise.works("the assets", story.service().assets(&token).await)?;
        story.promise.same("the location of the assets", &Some(expected.id), &assets.location)?;
    }
    Ok(())
}

/// Every reply tells when the token ends that asked, not another of the location.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_reply_tells_when_the_token_ends(
    stage: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("every reply tells when the token ends", stage);
    let location = story.location(vec![app(1)]).await?;
    for _ in 0..2 {
        let staged = story.download(&location, FixtureCondition::Usable).await?;
        let (token, ends) = (&staged.token, Some(staged.expires_at));
        let read = story.promise.works("reading", story.service().client_config(token).await)?;
        story.promise.same("the end when the client config is read", &ends, &read.reply.expires_at)?;
        let claimed = story.promise.works("claiming", story.service().claim(token, &ours()).await)?;
        story.promise.same("the end when the location is claimed", &ends, &claimed.reply.expires_at)?;
        let assets = story.promise.works("the assets", story.service().assets(token).await)?;
        story.promise.same("the end when the assets are read", &ends, &assets.reply.expires_at)?;
    }
    Ok(())
}

/// Every reply tells who claims the location now; nobody is nobody.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_reply_tells_who_claims_the_location(
    stage: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("every reply tells who claims the location", stage);
    let location = story.location(vec![app(1)]).await?;
    let token = story.usable(&location).await?;
    let tells = async |step: &str, claim: Option<MdmInfo>| {
        story.promise.same(
            &format!("the client config, {step}"),
            &claim,
            &story.told_claim(&token).await?,
        )?;
        let assets = story.promise.works("the assets", story.service().assets(&token).await)?;
        story.promise.same(&format!("the assets, {step}"), &claim, &assets.reply.mdm_info)
    };
    tells("claimed by nobody", None).await?;
    story.promise.staged(stage.claim_by_other(&location, &theirs()).await)?;
    tells("claimed by another", Some(theirs())).await?;
    story.promise.same("the claim", &Some(ours()), &story.claims(&token, &ours()).await?)?;
    tells("claimed by us", Some(ours())).await
}
