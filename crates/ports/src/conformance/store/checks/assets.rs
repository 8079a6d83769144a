//! Apps, admissions and pools come back as they were saved, and are replaced by their key.

use std::sync::Arc;

use mdm_vpp_core::{
    catalog::{
        AddedBy, Admission, AdmissionVerdict, App, AppKind, Approval, Counts, Platform, Pool, PricingParam,
        ProductType,
    },
    id::{AdamId, LocationId},
    token::{AppPolicies, RemoveAppOn},
    transaction::Decision,
};

use super::super::{
    Violation,
    rows::{admission, app, apps, at, pool},
    store_fixture::StoreFixture,
};
use crate::Store;

/// The largest id that Apple's 19 digits can hold; no signed number of 64 bits can.
const LARGEST_ID: u64 = 9_999_999_999_999_999_999;

fn full_app(number: u64, fixture: &StoreFixture) -> App {
    App {
        bundle_id: Some("com.example.field'\"notes".to_owned()),
        icon_url: Some("https://is1.example/icon.png".to_owned()),
        app_kind: AppKind::Custom,
        policies: AppPolicies {
            remove_app_on: RemoveAppOn { selective_wipe: true, ..RemoveAppOn::default() },
            app_approval: true,
            ..AppPolicies::default()
        },
        approval: Approval::Awaiting,
        added_by: AddedBy::Administrator { actor: fixture.ada.clone() },
        ..app(number, "Notes für draußen 🍏", &fixture.berlin)
    }
}

/// An app comes back as it was saved, and a later one of the same id replaces it as a whole.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn apps_come_back_and_are_replaced(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("apps come back and are replaced", store)?;
    let saved = vec![app(1, "Pages", &fixture.berlin), full_app(LARGEST_ID, &fixture)];
    let replaced = vec![full_app(1, &fixture), app(LARGEST_ID, "Plain", &fixture.berlin)];
    for these in [saved, replaced] {
        fixture.save(&fixture.acme, apps(these.clone())).await?;
        let loaded = fixture.all_of(&fixture.acme, &fixture.berlin).await?;
        fixture.same("the apps", &these, &loaded.apps.into_values().collect::<Vec<App>>())?;
    }
    Ok(())
}

/// An admission comes back as it was saved, whatever its verdict, and is replaced by location and app.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn admissions_come_back_and_are_replaced(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("admissions come back and are replaced", store)?;
    fixture.save(&fixture.acme, fixture.upload(&fixture.berlin, "Berlin")?).await?;
    let verdicts = [
        AdmissionVerdict::NotFound,
        AdmissionVerdict::Added { at: at(60) },
        AdmissionVerdict::AlreadyThere { since: at(-60) },
        AdmissionVerdict::NotFound,
    ];
    for verdict in verdicts {
        let admissions: Vec<Admission> =
            [1, LARGEST_ID].map(|number| Admission { verdict, ..admission(&fixture.berlin, number) }).into();
        fixture
            .save(&fixture.acme, Decision { admissions: admissions.clone(), ..Decision::default() })
            .await?;
        let loaded = fixture.all_of(&fixture.acme, &fixture.berlin).await?;
        fixture.same("the admissions", &admissions, &loaded.admissions.into_values().collect())?;
    }
    Ok(())
}

fn other(name: &str) -> String {
    format!("{name} ' \" 新")
}

/// Pools of every kind, in the order of their keys.
fn shapes(location: &LocationId) -> Vec<Pool> {
    let quality = |pricing_param| Pool { pricing_param, ..pool(location, 2) };
    vec![
        Pool { counts: Counts::Unlimited { assigned: 12 }, ..pool(location, 1) },
        quality(PricingParam::Standard),
        Pool { product_type: ProductType::Book, ..quality(PricingParam::HighQuality) },
        quality(PricingParam::Other { name: String::new() }),
        Pool {
            product_type: ProductType::Other { name: other("TYPE") },
            ..quality(PricingParam::Other { name: other("QUALITY") })
        },
        quality(PricingParam::Other { name: "STANDARD".to_owned() }),
        Pool {
            device_assignable: false,
            revocable: false,
            listed: false,
            supported_platforms: [
                Platform::Ios,
                Platform::MacOs,
                Platform::TvOs,
                Platform::VisionOs,
                Platform::WatchOs,
                Platform::Other { name: other("OS") },
            ]
            .into(),
            counted_at: at(-86_400),
            ..pool(location, 10)
        },
        Pool {
            counts: Counts::Limited {
                total: u64::MAX,
                assigned: u64::MAX - 1,
                available: 0,
                retired: u64::MAX,
            },
            ..pool(location, LARGEST_ID)
        },
    ]
}

/// A pool comes back as it was saved, in the order of app and quality, and is replaced by its key.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn pools_come_back_and_are_replaced(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("pools come back and are replaced", store)?;
    fixture.save(&fixture.acme, fixture.upload(&fixture.berlin, "Berlin")?).await?;
    let mut shapes = shapes(&fixture.berlin);
    shapes.sort_by_key(Pool::key);
    let mut backwards = shapes.clone();
    backwards.reverse();
    fixture.save(&fixture.acme, Decision { pools: backwards, ..Decision::default() }).await?;
    let loaded = fixture.all_of(&fixture.acme, &fixture.berlin).await?;
    fixture.same("the pools", &shapes, &loaded.pools)?;

    let counted_again: Vec<Pool> = shapes
        .into_iter()
        .map(|pool| Pool { counts: Counts::Unlimited { assigned: 1 }, counted_at: at(60), ..pool })
        .collect();
    fixture.save(&fixture.acme, Decision { pools: counted_again.clone(), ..Decision::default() }).await?;
    let loaded = fixture.all_of(&fixture.acme, &fixture.berlin).await?;
    fixture.same("the pools, counted again", &counted_again, &loaded.pools)
}

/// Of two rows with one key in a decision, the later one stays.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn the_later_of_two_equal_keys_stays(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("the later of two equal keys stays", store)?;
    let twice = apps(vec![app(1, "First", &fixture.berlin), app(1, "Second", &fixture.berlin)]);
    fixture.save(&fixture.acme, twice).await?;
    let loaded = fixture.all_of(&fixture.acme, &fixture.berlin).await?;
    let expected = [(AdamId::new(1), app(1, "Second", &fixture.berlin))].into();
    fixture.same("the app", &expected, &loaded.apps)
}
