//! What a location owns comes as it is.

use mdm_vpp_core::{
    catalog::{Asset, Counts, Platform, PricingParam},
    token::ContentToken,
};

use super::super::{
    LicenseServiceFixture, Violation,
    check_run::CheckRun,
    owned::{app, book, bought, sorted},
};

/// The assets that a location was made with have to be read, neither more nor less.
async fn come_as_they_are(story: &CheckRun<'_>, assets: Vec<Asset>) -> Result<ContentToken, Violation> {
    let location = story.location(assets.clone()).await?;
    let token = story.usable(&location).await?;
    let found = story.promise.works("reading the assets", story.service().assets(&token).await)?;
    story.promise.same("the assets", &sorted(assets), &sorted(found.assets))?;
    Ok(token)
}

/// Counts come as Apple tells them: none left, none assigned, one below unlimited.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn counts_come_as_apple_tells_them(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("counts come as Apple tells them", stage);
    let counts = [bought(5, 5), bought(1_000, 0), bought(10, 3), bought(2_147_483_646, 2_000_000_000)];
    let assets = (1..).zip(counts).map(|(number, counts)| Asset { counts, ..app(number) });
    come_as_they_are(&story, assets.collect()).await.map(drop)
}

/// An asset without limit is unlimited, and tells how many licenses are assigned.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_unlimited_asset_is_unlimited(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("an unlimited asset is unlimited", stage);
    let assets =
        [0, 12].map(|assigned| Asset { counts: Counts::Unlimited { assigned }, ..app(assigned + 1) });
    come_as_they_are(&story, assets.to_vec()).await.map(drop)
}

/// The platforms of an app come as Apple tells them, also that it is for macOS alone.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn platforms_come_as_apple_tells_them(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("platforms come as Apple tells them", stage);
    let platforms = [vec![Platform::Ios], vec![Platform::MacOs], vec![Platform::Ios, Platform::MacOs]];
    let assets = (1..).zip(platforms).map(|(number, platforms)| Asset {
        supported_platforms: platforms.into_iter().collect(),
        ..app(number)
    });
    come_as_they_are(&story, assets.collect()).await.map(drop)
}

/// A book is a book in its quality, for no device and never taken back; an app may be not for devices too.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn flags_come_as_apple_tells_them(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("flags come as Apple tells them", stage);
    let assets = vec![
        app(1),
        Asset { device_assignable: false, ..app(2) },
        book(3, PricingParam::Standard),
        book(4, PricingParam::HighQuality),
    ];
    come_as_they_are(&story, assets).await.map(drop)
}

/// A book that is owned in two qualities is two assets, each with its counts.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn two_qualities_are_two_assets(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("two qualities are two assets", stage);
    let high = Asset { counts: bought(7, 2), ..book(3, PricingParam::HighQuality) };
    come_as_they_are(&story, vec![book(3, PricingParam::Standard), high]).await.map(drop)
}

/// A location that owns nothing has an empty list, not an error.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_location_that_owns_nothing_has_an_empty_list(
    stage: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a location that owns nothing has an empty list", stage);
    come_as_they_are(&story, Vec::new()).await.map(drop)
}

/// A list has a version, and an untouched list keeps it.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_untouched_list_keeps_its_version(stage: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("an untouched list keeps its version", stage);
    let token = come_as_they_are(&story, vec![app(1)]).await?;
    let read = async || story.promise.works("reading the assets", story.service().assets(&token).await);
    let (first, second) = (read().await?, read().await?);
    if first.version_id.as_deref().is_none_or(str::is_empty) {
        return Err(story.promise.broken("the version", "one", format_args!("{:?}", first.version_id)));
    }
    story.promise.same("read again", &first, &second)
}
