//! Two shapes of the same thing are the same.

use super::super::{AppMetadataFixture, ArtworkShape, FixtureApp, IdShape, Violation, check_run::CheckRun};

/// Lists an app in each of these shapes; every lookup has to give the same listing.
async fn are_one_listing(story: &CheckRun<'_>, shapes: [FixtureApp; 2]) -> Result<(), Violation> {
    let token = story.token_of_owner(&[]).await?;
    let mut first = None;
    for app in &shapes {
        story.list(app).await?;
        let step = format!("with {:?} and {:?}", app.artwork, app.id);
        let found = story.listing(&step, &token, &story.query(vec![app.adam_id])).await?;
        if found.icon_url.is_none() {
            return Err(story.promise.broken(&step, "an icon", "none"));
        }
        let first = first.get_or_insert_with(|| found.clone());
        story.promise.same(&step, first, &found)?;
    }
    Ok(())
}

/// An icon is the same, whether the store tells a template or a list of sizes.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn an_icon_is_the_same_in_either_shape(stage: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("an icon is the same in either shape", stage)?;
    let shapes = [ArtworkShape::Template, ArtworkShape::Sizes];
    are_one_listing(&story, shapes.map(|artwork| FixtureApp { artwork, ..story.app(1) })).await
}

/// An id is the same, whether the store tells a text or a number.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn an_id_is_the_same_in_either_shape(stage: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let story = CheckRun::begin("an id is the same in either shape", stage)?;
    let shapes = [IdShape::Text, IdShape::Number];
    are_one_listing(&story, shapes.map(|id| FixtureApp { id, ..story.app(1) })).await
}
