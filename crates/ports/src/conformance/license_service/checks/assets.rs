//! The assets of a location: each comes as Apple tells it, from every page.

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    catalog::{Asset, Counts, Platform, PricingParam},
    id::LocationId,
    token::ContentToken,
};

use super::super::{
    FixtureRequest, LicenseServiceFixture, Violation,
    check_run::{CheckRun, app, book, bought, sorted},
};

/// The assets that a location was made with have to be read, neither more nor less.
async fn come_as_they_are(run: &CheckRun<'_>, assets: Vec<Asset>) -> Result<ContentToken, Violation> {
    let location = run.location(assets.clone()).await?;
    let token = run.usable(&location).await?;
    let found = run.promise.works("reading the assets", run.service().assets(&token).await)?;
    run.promise.same("the assets", &sorted(assets), &sorted(found.assets))?;
    Ok(token)
}

/// Counts come as Apple tells them: none left, none assigned, one below unlimited.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn counts_come_as_apple_tells_them(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("counts come as Apple tells them", fixture);
    let counts = [bought(5, 5), bought(1_000, 0), bought(10, 3), bought(2_147_483_646, 2_000_000_000)];
    let assets = (1..).zip(counts).map(|(number, counts)| Asset { counts, ..app(number) });
    come_as_they_are(&run, assets.collect()).await.map(drop)
}

/// An asset without limit is unlimited, and tells how many licenses are assigned.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_unlimited_asset_is_unlimited(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("an unlimited asset is unlimited", fixture);
    let assets =
        [0, 12].map(|assigned| Asset { counts: Counts::Unlimited { assigned }, ..app(assigned + 1) });
    come_as_they_are(&run, assets.to_vec()).await.map(drop)
}

/// The platforms of an app come as Apple tells them, also that it is for macOS alone.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn platforms_come_as_apple_tells_them(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("platforms come as Apple tells them", fixture);
    let platforms = [vec![Platform::Ios], vec![Platform::MacOs], vec![Platform::Ios, Platform::MacOs]];
    let assets = (1..).zip(platforms).map(|(number, platforms)| Asset {
        supported_platforms: platforms.into_iter().collect(),
        ..app(number)
    });
    come_as_they_are(&run, assets.collect()).await.map(drop)
}

/// A book is a book in its quality, for no device and never taken back; an app may be not for devices too.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn flags_come_as_apple_tells_them(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("flags come as Apple tells them", fixture);
    let assets = vec![
        app(1),
        Asset { device_assignable: false, ..app(2) },
        book(3, PricingParam::Standard),
        book(4, PricingParam::HighQuality),
    ];
    come_as_they_are(&run, assets).await.map(drop)
}

/// A book that is owned in two qualities is two assets, each with its counts.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn two_qualities_are_two_assets(fixture: &dyn LicenseServiceFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("two qualities are two assets", fixture);
    let high = Asset { counts: bought(7, 2), ..book(3, PricingParam::HighQuality) };
    come_as_they_are(&run, vec![book(3, PricingParam::Standard), high]).await.map(drop)
}

/// A location that owns nothing has an empty list, not an error.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_location_that_owns_nothing_has_an_empty_list(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a location that owns nothing has an empty list", fixture);
    come_as_they_are(&run, Vec::new()).await.map(drop)
}

/// A list has a version, and an untouched list keeps it.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn an_untouched_list_keeps_its_version(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("an untouched list keeps its version", fixture);
    let token = come_as_they_are(&run, vec![app(1)]).await?;
    let read = async || run.promise.works("reading the assets", run.service().assets(&token).await);
    let (first, second) = (read().await?, read().await?);
    if first.version_id.as_deref().is_none_or(str::is_empty) {
        return Err(run.promise.broken("the version", "one", format_args!("{:?}", first.version_id)));
    }
    run.promise.same("read again", &first, &second)
}

/// A location with `apps` apps, of which `capacity` fit on a page.
async fn paged(run: &CheckRun<'_>, apps: u64, capacity: u32) -> Result<LocationId, Violation> {
    let location = run.location((1..=apps).map(app).collect()).await?;
    run.prepared(run.fixture.page_capacity(capacity).await)?;
    Ok(location)
}

async fn reads(run: &CheckRun<'_>, apps: u64, capacity: u32) -> Result<(), Violation> {
    let step = format!("{apps} assets, {capacity} a page");
    let location = paged(run, apps, capacity).await?;
    let token = run.usable(&location).await?;
    let found = run.promise.works(&step, run.service().assets(&token).await)?;
    let expected: Vec<_> = (1..=apps).map(app).collect();
    run.promise.same(&step, &expected, &sorted(found.assets))
}

/// Every page is read, and each asset comes once.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_page_is_read_and_each_asset_comes_once(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("every page is read and each asset comes once", fixture);
    for (apps, capacity) in [(20, 3), (11, 10), (3, 1), (40, 1)] {
        reads(&run, apps, capacity).await?;
    }
    Ok(())
}

/// A list whose last page is full ends there.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_list_whose_last_page_is_full_ends_there(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a list whose last page is full ends there", fixture);
    for (apps, capacity) in [(6, 3), (5, 5), (1, 1)] {
        reads(&run, apps, capacity).await?;
    }
    Ok(())
}

/// A reading that breaks off at any page gives no part of the list.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_reading_that_breaks_off_gives_no_part_of_the_list(
    fixture: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a reading that breaks off gives no part of the list", fixture);
    let location = paged(&run, 8, 2).await?;
    let token = run.usable(&location).await?;
    let number = ErrorNumber(9602);
    for page in 0..4 {
        let step = format!("page {page} cannot be read");
        let request = FixtureRequest::Assets { page };
        run.prepared(fixture.answer_with_error(request, number, "Invalid argument").await)?;
        let error = run.promise.fails(&step, run.service().assets(&token).await)?;
        run.promise.same(&step, &Some(number), &error.number())?;
        run.prepared(fixture.answer_normally().await)?;
    }
    let found = run.promise.works("and then it can", run.service().assets(&token).await)?;
    run.promise.same("how many assets", &8, &found.assets.len())
}
