//! The checks, one function for each promise. Each takes a fresh fixture.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    catalog::Lookup,
    id::AdamId,
    token::{ContentToken, Region, StorePlatform},
};

use super::{AppMetadataFixture, ArtworkShape, FixtureApp, IdShape, RunsOn, Violation, check_run::CheckRun};
use crate::AppMetadataQuery;

/// Hands the names of all checks of a lookup to a macro, so that each can become a test of its own, under any async
/// runtime.
///
/// ```
/// use mdm_vpp_ports::conformance::app_metadata::{AppMetadataFixture, Violation, checks};
///
/// macro_rules! a_test_of_each {
///     ($($check:ident),+ $(,)?) => {
///         $(
///             # #[allow(dead_code)]
///             async fn $check() -> Result<(), Violation> {
///                 checks::$check(&*my_fixture().await).await
///             }
///         )+
///     };
/// }
/// mdm_vpp_ports::for_each_app_metadata_check!(a_test_of_each);
/// # async fn my_fixture() -> Box<dyn AppMetadataFixture> { std::future::pending().await }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! for_each_app_metadata_check {
    ($each:ident) => {
        $each! {
            a_query_about_nothing_sends_nothing,
            every_app_of_a_long_query_is_answered,
            an_error_says_of_no_app_that_it_is_not_there,
            no_error_holds_the_secret,
            an_icon_is_the_same_in_either_shape,
            an_id_is_the_same_in_either_shape,
            an_app_is_listed_in_its_region,
            an_app_is_not_listed_in_another_region,
            a_custom_app_is_listed_for_its_owner_alone,
            the_store_for_macs_lists_apps_for_macs,
        }
    };
}

/// A query about nothing is answered without a request.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn a_query_about_nothing_sends_nothing(fixture: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("a query about nothing sends nothing", fixture)?;
    let app = run.app(1);
    run.list(&app).await?;
    let token = run.token_of_owner(&[]).await?;
    let requests = async || run.prepared(fixture.requests().await);
    let before = requests().await?;
    let found = run.promise.works("asking for nothing", run.ask(&token, &run.query(vec![])).await)?;
    run.promise.same("the answer", &BTreeMap::new(), &found)?;
    run.promise.same("the requests", &before, &requests().await?)?;
    run.listing("asking for something", &token, &run.query(vec![app.adam_id])).await?;
    if requests().await? == before {
        return Err(run.promise.broken("asking for something", "a request", "none"));
    }
    Ok(())
}

/// Every one of 120 apps in one query has its answer: those that are there and those that are not.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn every_app_of_a_long_query_is_answered(
    fixture: &dyn AppMetadataFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("every app of a long query is answered", fixture)?;
    let mut expected = BTreeMap::new();
    for number in 1..=120 {
        let app = run.app(number);
        let listed = number % 2 == 0;
        if listed {
            run.list(&app).await?;
        }
        expected.insert(app.adam_id, listed.then_some(app.name));
    }
    let token = run.token_of_owner(&[]).await?;
    // Neither in order nor each once.
    let query: Vec<AdamId> = expected.keys().rev().chain(expected.keys().take(5)).copied().collect();
    let found = run.promise.works("asking for 120 apps", run.ask(&token, &run.query(query)).await)?;
    let name = |lookup| match lookup {
        Lookup::Listed(listing) => Some(listing.name),
        Lookup::NotListed => None,
    };
    let reported: BTreeMap<_, _> = found.into_iter().map(|(id, lookup)| (id, name(lookup))).collect();
    run.promise.same("the names of 120 apps", &expected, &reported)
}

/// A store that answers with an error does not make an app "not listed"; the next query works.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn an_error_says_of_no_app_that_it_is_not_there(
    fixture: &dyn AppMetadataFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("an error says of no app that it is not there", fixture)?;
    let app = run.app(1);
    run.list(&app).await?;
    let token = run.token_of_owner(&[]).await?;
    let query = run.query(vec![app.adam_id]);
    let number = ErrorNumber(9602);
    run.prepared(fixture.answer_with_error(number, "Invalid argument").await)?;
    let error = run.promise.fails("a query in vain", run.ask(&token, &query).await)?;
    run.promise.same("its number", &Some(number), &error.number())?;
    run.prepared(fixture.answer_normally().await)?;
    run.listing("the next query", &token, &query).await.map(drop)
}

/// No error holds a token that the store's own message repeats.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn no_error_holds_the_secret(fixture: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("no error holds the secret", fixture)?;
    let app = run.app(1);
    run.list(&app).await?;
    let token = run.token_of_owner(&[app.adam_id]).await?;
    let message = format!("itvt={}; is not for this store", token.expose());
    run.prepared(fixture.answer_with_error(ErrorNumber(9722), &message).await)?;
    let query = run.query(vec![app.adam_id]);
    let error = run.promise.fails("a query in vain", run.ask(&token, &query).await)?;
    run.promise.keeps_secret("its error", &error, &token)
}

/// Lists an app in each of these shapes; every lookup has to give the same listing.
async fn are_one_listing(run: &CheckRun<'_>, shapes: [FixtureApp; 2]) -> Result<(), Violation> {
    let token = run.token_of_owner(&[]).await?;
    let mut first = None;
    for app in &shapes {
        run.list(app).await?;
        let step = format!("with {:?} and {:?}", app.artwork, app.id);
        let found = run.listing(&step, &token, &run.query(vec![app.adam_id])).await?;
        if found.icon_url.is_none() {
            return Err(run.promise.broken(&step, "an icon", "none"));
        }
        let first = first.get_or_insert_with(|| found.clone());
        run.promise.same(&step, first, &found)?;
    }
    Ok(())
}

/// An icon is the same, whether the store gives a template or a list of sizes.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn an_icon_is_the_same_in_either_shape(fixture: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("an icon is the same in either shape", fixture)?;
    let shapes = [ArtworkShape::Template, ArtworkShape::Sizes];
    are_one_listing(&run, shapes.map(|artwork| FixtureApp { artwork, ..run.app(1) })).await
}

/// An id is the same, whether the store gives a text or a number.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn an_id_is_the_same_in_either_shape(fixture: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("an id is the same in either shape", fixture)?;
    let shapes = [IdShape::Text, IdShape::Number];
    are_one_listing(&run, shapes.map(|id| FixtureApp { id, ..run.app(1) })).await
}

/// An app is listed in the stores of its regions with its name, bundle id, devices and icon.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn an_app_is_listed_in_its_region(fixture: &dyn AppMetadataFixture) -> Result<(), Violation> {
    let run = CheckRun::begin("an app is listed in its region", fixture)?;
    let app = run.app(1);
    run.list(&app).await?;
    let token = run.token_of_owner(&[]).await?;
    for platform in [StorePlatform::Enterprise, StorePlatform::Volume] {
        let step = format!("the listing under {platform:?}");
        let query = AppMetadataQuery { platform, ..run.query(vec![app.adam_id]) };
        let found = run.listing(&step, &token, &query).await?;
        let expected = (app.adam_id, app.name.as_str(), Some(app.bundle_id.as_str()), false);
        let reported = (found.adam_id, found.name.as_str(), found.bundle_id.as_deref(), found.custom_app);
        run.promise.same(&step, &expected, &reported)?;
        if !found.device_families.contains("iphone") || found.is_macos_only() {
            let families = format_args!("{:?}", found.device_families);
            return Err(run.promise.broken("its devices", "`iphone` among them", families));
        }
        if !found.icon_url.as_deref().is_some_and(|url| url.starts_with("http")) {
            let icon = format_args!("{:?}", found.icon_url);
            return Err(run.promise.broken("its icon", "a web address", icon));
        }
    }
    Ok(())
}

/// An app is not listed in the store of another region, and an app that is not sold is listed nowhere. Both are
/// answers, not errors.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn an_app_is_not_listed_in_another_region(
    fixture: &dyn AppMetadataFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("an app is not listed in another region", fixture)?;
    let app = run.app(1);
    run.list(&app).await?;
    let token = run.token_of_owner(&[app.adam_id]).await?;
    let home = run.query(vec![app.adam_id]);
    run.listing("in its own region", &token, &home).await?;
    let region = run.promise.built(Region::new("US"))?;
    run.is_not_listed("in another region", &token, &AppMetadataQuery { region, ..home }).await?;
    let unsold = run.query(vec![run.app(2).adam_id]);
    run.is_not_listed("an app that is not sold", &token, &unsold).await
}

/// A custom app is listed for a token that owns it, and for no other token.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn a_custom_app_is_listed_for_its_owner_alone(
    fixture: &dyn AppMetadataFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("a custom app is listed for its owner alone", fixture)?;
    let custom = FixtureApp { custom: true, ..run.app(1) };
    let public = run.app(2);
    run.list(&custom).await?;
    run.list(&public).await?;
    let owner = run.token_of_owner(&[custom.adam_id, public.adam_id]).await?;
    let query = run.query(vec![custom.adam_id]);
    let found = run.listing("for its owner", &owner, &query).await?;
    run.promise.same("as a custom app", &true, &found.custom_app)?;

    let other = run.token_of_owner(&[public.adam_id]).await?;
    let unknown = run.promise.built(ContentToken::new("bm9ib2R5"))?;
    for (whose, token) in [("another owner's token", &other), ("an unknown token", &unknown)] {
        run.is_not_listed(&format!("the custom app for {whose}"), token, &query).await?;
        let step = format!("a public app for {whose}");
        run.listing(&step, token, &run.query(vec![public.adam_id])).await?;
    }
    Ok(())
}

/// An app for Macs is listed in the store for Macs, as one for Macs alone; an app for iPhones is not.
///
/// # Errors
///
/// [`Violation`] when the implementation breaks the promise.
pub async fn the_store_for_macs_lists_apps_for_macs(
    fixture: &dyn AppMetadataFixture,
) -> Result<(), Violation> {
    let run = CheckRun::begin("the store for Macs lists apps for Macs", fixture)?;
    let mac = FixtureApp { runs_on: RunsOn::Mac, ..run.app(1) };
    let iphone = run.app(2);
    run.list(&mac).await?;
    run.list(&iphone).await?;
    let token = run.token_of_owner(&[]).await?;
    let in_mac_store =
        |app: &FixtureApp| AppMetadataQuery { platform: StorePlatform::Mac, ..run.query(vec![app.adam_id]) };
    let found = run.listing("an app for Macs", &token, &in_mac_store(&mac)).await?;
    run.promise.same("its name", &mac.name, &found.name)?;
    run.promise.same("whether it is for Macs alone", &true, &found.is_macos_only())?;
    run.is_not_listed("an app for iPhones", &token, &in_mac_store(&iphone)).await
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    macro_rules! names {
        ($($check:ident),+ $(,)?) => { [$(stringify!($check)),+] };
    }

    #[test]
    fn every_check_is_on_the_list() {
        let written: BTreeSet<&str> = include_str!("checks.rs")
            .lines()
            .filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next())
            .collect();
        let listed: BTreeSet<&str> = for_each_app_metadata_check!(names).into();
        assert_eq!(listed, written);
    }
}
