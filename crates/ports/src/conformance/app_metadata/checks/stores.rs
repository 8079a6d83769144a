//! Which store has an app, and whom it shows it to.

use mdm_vpp_core::token::{ContentToken, Region, StorePlatform};

use super::super::{AppMetadataFixture, FixtureApp, RunsOn, Violation, check_run::CheckRun};
use crate::AppMetadataQuery;

/// An app is listed in the stores of its regions with its name, bundle id, devices and icon.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn an_app_is_listed_in_its_region(stage: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("an app is listed in its region", stage)?;
    let app = story.app(1);
    story.list(&app).await?;
    let token = story.token_of_owner(&[]).await?;
    for platform in [StorePlatform::Enterprise, StorePlatform::Volume] {
        let step = format!("the listing under {platform:?}");
        let query = AppMetadataQuery { platform, ..story.query(vec![app.adam_id]) };
        let found = story.listing(&step, &token, &query).await?;
        let expected = (app.adam_id, app.name.as_str(), Some(app.bundle_id.as_str()), false);
        let told = (found.adam_id, found.name.as_str(), found.bundle_id.as_deref(), found.custom_app);
        story.promise.same(&step, &expected, &told)?;
        if !found.device_families.contains("iphone") || found.is_macos_only() {
            let families = format_args!("{:?}", found.device_families);
            return Err(story.promise.broken("its devices", "`iphone` among them", families));
        }
        if !found.icon_url.as_deref().is_some_and(|url| url.starts_with("http")) {
            let icon = format_args!("{:?}", found.icon_url);
            return Err(story.promise.broken("its icon", "a web address", icon));
        }
    }
    Ok(())
}

/// An app is not listed in the store of another region, and one that nobody sells in none; both are answers, not
/// errors.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn an_app_is_not_listed_in_another_region(stage: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("an app is not listed in another region", stage)?;
    let app = story.app(1);
    story.list(&app).await?;
    let token = story.token_of_owner(&[app.adam_id]).await?;
    let home = story.query(vec![app.adam_id]);
    story.listing("in its own region", &token, &home).await?;
    let region = story.promise.built(Region::new("US"))?;
    story.is_not_listed("in another region", &token, &AppMetadataQuery { region, ..home }).await?;
    let nobodys = story.query(vec![story.app(2).adam_id]);
    story.is_not_listed("an app that nobody sells", &token, &nobodys).await
}

/// A custom app is listed for a token that owns it, and for no other token.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn a_custom_app_is_listed_for_its_owner_alone(
    stage: &dyn AppMetadataFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a custom app is listed for its owner alone", stage)?;
    let custom = FixtureApp { custom: true, ..story.app(1) };
    let public = story.app(2);
    story.list(&custom).await?;
    story.list(&public).await?;
    let owner = story.token_of_owner(&[custom.adam_id, public.adam_id]).await?;
    let query = story.query(vec![custom.adam_id]);
    let found = story.listing("for its owner", &owner, &query).await?;
    story.promise.same("as a custom app", &true, &found.custom_app)?;

    let other = story.token_of_owner(&[public.adam_id]).await?;
    let nobody = story.promise.built(ContentToken::new("bm9ib2R5"))?;
    for (whose, token) in [("another's token", &other), ("nobody's token", &nobody)] {
        story.is_not_listed(&format!("the custom app for {whose}"), token, &query).await?;
        let step = format!("a public app for {whose}");
        story.listing(&step, token, &story.query(vec![public.adam_id])).await?;
    }
    Ok(())
}

/// An app for Macs is listed in the store for Macs, as one for Macs alone; an app for iPhones is not.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn the_store_for_macs_lists_apps_for_macs(stage: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("the store for Macs lists apps for Macs", stage)?;
    let mac = FixtureApp { runs_on: RunsOn::Mac, ..story.app(1) };
    let iphone = story.app(2);
    story.list(&mac).await?;
    story.list(&iphone).await?;
    let token = story.token_of_owner(&[]).await?;
    let in_mac_store = |app: &FixtureApp| AppMetadataQuery {
        platform: StorePlatform::Mac,
        ..story.query(vec![app.adam_id])
    };
    let found = story.listing("an app for Macs", &token, &in_mac_store(&mac)).await?;
    story.promise.same("its name", &mac.name, &found.name)?;
    story.promise.same("whether it is for Macs alone", &true, &found.is_macos_only())?;
    story.is_not_listed("an app for iPhones", &token, &in_mac_store(&iphone)).await
}
