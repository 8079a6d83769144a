//! A list of many pages is one list.

use mdm_vpp_core::{apple_error::ErrorNumber, id::LocationId};

use super::super::{
    FixtureRequest, LicenseServiceFixture, Violation,
    check_run::CheckRun,
    owned::{app, sorted},
};

/// A location with so many apps of which so many fit on a page.
async fn paged(story: &CheckRun<'_>, apps: u64, capacity: u32) -> Result<LocationId, Violation> {
    let location = story.location((1..=apps).map(app).collect()).await?;
    story.promise.staged(story.fixture.page_capacity(capacity).await)?;
    Ok(location)
}

async fn reads(story: &CheckRun<'_>, apps: u64, capacity: u32) -> Result<(), Violation> {
    let step = format!("{apps} assets, {capacity} a page");
    let location = paged(story, apps, capacity).await?;
    let token = story.usable(&location).await?;
    let found = story.promise.works(&step, story.service().assets(&token).await)?;
    let expected: Vec<_> = (1..=apps).map(app).collect();
    story.promise.same(&step, &expected, &sorted(found.assets))
}

/// Every page is read, and each asset comes once.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn every_page_is_read_and_each_asset_comes_once(
    stage: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("every page is read and each asset comes once", stage);
    for (apps, capacity) in [(20, 3), (11, 10), (3, 1), (40, 1)] {
        reads(&story, apps, capacity).await?;
    }
    Ok(())
}

/// A list whose last page is full ends there.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_list_whose_last_page_is_full_ends_there(
    stage: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a list whose last page is full ends there", stage);
    for (apps, capacity) in [(6, 3), (5, 5), (1, 1)] {
        reads(&story, apps, capacity).await?;
    }
    Ok(())
}

/// A walk that breaks off at any page gives no part of the list.
///
/// # Errors
///
/// [`Violation`] when the service breaks the promise.
pub async fn a_walk_that_breaks_off_gives_no_part_of_the_list(
    stage: &dyn LicenseServiceFixture,
) -> Result<(), Violation> {
    let story = CheckRun::begin("a walk that breaks off gives no part of the list", stage);
    let location = paged(&story, 8, 2).await?;
    let token = story.usable(&location).await?;
    let number = ErrorNumber(9602);
    for page in 0..4 {
        let step = format!("page {page} cannot be read");
        let request = FixtureRequest::Assets { page };
        story.promise.staged(stage.answer_with_error(request, number, "Invalid argument").await)?;
        let error = story.promise.fails(&step, story.service().assets(&token).await)?;
        story.promise.same(&step, &Some(number), &error.number())?;
        story.promise.staged(stage.answer_well().await)?;
    }
    let found = story.promise.works("and then it can", story.service().assets(&token).await)?;
    story.promise.same("how many assets", &8, &found.assets.len())
}
