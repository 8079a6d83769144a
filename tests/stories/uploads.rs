//! Uploads: the token, the apps that are added to the catalog, and the Token Details page.

use mdm_vpp::{
    catalog::{AppKind, Approval},
    decide::{
        catalog::{AdditionVerdict, LicenseCount},
        token::UploadRefusal,
    },
    engine::{AddApp, PageQuery, UploadError},
    id::{AdamId, GroupId},
    token::{AppPolicies, Region, RemoveAppOn, TokenScope},
};

use crate::fixture::{
    BOOK, CUSTOM, Fixture, MAC, ONLY_US, PUBLIC_ONE, PUBLIC_TWO, ada, id, settings, simulated,
};

const ADDED: (&str, &str) = ("Success", "App Added Successfully");
const ALREADY_THERE: (&str, &str) = ("Success", "App Already Exists");
const MISSING: (&str, &str) = ("Failed", "App Not Found");

fn row(adam_id: u64, (status, comment): (&'static str, &'static str)) -> (u64, &'static str, &'static str) {
    (adam_id, status, comment)
}

#[tokio::test]
async fn s1_a_second_token_with_the_same_name_in_another_case_is_refused_and_nothing_changes() {
    let fixture = Fixture::build().await;
    let (_, berlin) = fixture.location_with_three_apps("Berlin");
    let (_, bremen) = fixture.location_with_three_apps("Bremen");
    let uploaded = fixture.upload("Field Staff", &berlin).await;
    assert_eq!(uploaded.overview.status.label(), "Active");
    assert_eq!(uploaded.overview.token.settings.detail.region.as_str(), "DE");

    let before = fixture.stored().await;
    let refused = fixture.try_upload(settings("FIELD staff"), &bremen.file).await.unwrap_err();
    assert!(matches!(refused, UploadError::Refused(UploadRefusal::Registry(_))));
    assert!(refused.to_string().contains("`Field Staff`"), "{refused}");
    assert_eq!(fixture.stored().await, before);

    assert!(fixture.try_upload(settings("Field Staff 2"), &bremen.file).await.is_ok());
}

#[tokio::test]
async fn s3_public_and_custom_apps_are_added_to_the_catalog_with_the_tokens_policies() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    let mut wanted = settings("Berlin");
    wanted.policies = AppPolicies {
        remove_app_on: RemoveAppOn {
            selective_wipe: true,
            mdm_control_removal: true,
            ..RemoveAppOn::default()
        },
        revoke_license_on_deletion_or_stop_of_distribution: true,
        restrict_data_backup: true,
        app_approval: false,
    };
    wanted.scope =
        TokenScope { groups: [GroupId::new("field-staff").unwrap()].into(), ..TokenScope::default() };
    fixture.try_upload(wanted.clone(), &token.file).await.unwrap();

    let apps = fixture.tenant().apps(&PageQuery::default()).await.unwrap().items;
    let kinds: Vec<_> = apps.iter().map(|app| (app.adam_id.number(), app.app_kind)).collect();
    assert_eq!(
        kinds,
        [(PUBLIC_ONE, AppKind::Public), (PUBLIC_TWO, AppKind::Public), (CUSTOM, AppKind::Custom)]
    );
    assert!(apps.iter().all(|app| app.policies == wanted.policies));
    assert_eq!(
        fixture.tenant().token(&id(&uid)).await.unwrap().token.settings,
        wanted,
        "all three tabs are kept"
    );

    fixture.work().await;
    assert_eq!(fixture.catalog.apps(fixture.tenant().id()), apps, "the embedder's catalog was told");
}

#[tokio::test]
async fn s3_a_token_that_adds_no_apps_automatically_only_counts_licenses() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    let mut wanted = settings("Berlin");
    wanted.detail.add_apps_automatically = false;
    let outcome = fixture.try_upload(wanted, &token.file).await.unwrap();
    assert_eq!(outcome.overview.status.label(), "Active");
    assert_eq!((fixture.catalog_ids().await, fixture.rows(&uid).await), (vec![], vec![]));
    assert_eq!(
        fixture.tenant().assets(&id(&uid), &PageQuery::default()).await.unwrap().items.len(),
        3,
        "an administrator can add them"
    );
}

#[tokio::test]
async fn s4_an_app_of_the_catalog_is_not_added_again_and_keeps_its_policies() {
    let fixture = Fixture::build().await;
    let (_, berlin) = fixture.location_with_three_apps("Berlin");
    let (bremen_uid, bremen) = fixture.location_with_three_apps("Bremen");
    fixture.upload("Berlin", &berlin).await;
    let before = fixture.tenant().apps(&PageQuery::default()).await.unwrap().items;

    let mut other = settings("Bremen");
    other.policies.restrict_data_backup = true;
    fixture.try_upload(other, &bremen.file).await.unwrap();
    assert_eq!(fixture.tenant().apps(&PageQuery::default()).await.unwrap().items, before);
    assert_eq!(
        fixture.rows(&bremen_uid).await,
        [row(CUSTOM, ALREADY_THERE), row(PUBLIC_ONE, ALREADY_THERE), row(PUBLIC_TWO, ALREADY_THERE)]
    );
    assert_eq!(fixture.page(&bremen_uid).await[0].added_at, Some(before[2].added_at));
}

#[tokio::test]
async fn s5_an_administrator_adds_a_macos_app_and_its_row_appears_at_the_next_sync() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, MAC, 4);
    fixture.buy(&uid, BOOK, 4);
    fixture.upload("Berlin", &token).await;
    assert_eq!((fixture.catalog_ids().await, fixture.rows(&uid).await), (vec![], vec![]));

    let by_hand = AddApp { adam_id: AdamId::new(MAC), policies: AppPolicies::default() };
    let added = fixture.tenant().add_app(&id(&uid), by_hand, &ada()).await.unwrap();
    assert!(matches!(added, AdditionVerdict::Added(app) if app.name == "Mac"));
    assert_eq!(fixture.rows(&uid).await, []);

    let report = fixture.tenant().sync_assets(&id(&uid)).await.unwrap();
    assert_eq!(report.already_there, [AdamId::new(MAC)]);
    assert_eq!(fixture.rows(&uid).await, [row(MAC, ALREADY_THERE)]);
    assert_eq!(fixture.page(&uid).await[0].total, Some(LicenseCount::Limited(4)));

    let again = fixture.tenant().add_app(&id(&uid), by_hand, &ada()).await.unwrap();
    assert!(matches!(again, AdditionVerdict::NotNeeded(_)));
}

#[tokio::test]
async fn s6_the_token_details_page_shows_the_result_for_each_app() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    for (adam_id, seats) in [(PUBLIC_ONE, 10), (ONLY_US, 3), (MAC, 2), (CUSTOM, 5)] {
        fixture.buy(&uid, adam_id, seats);
    }
    fixture.simulator.set_assigned(&uid, simulated(PUBLIC_ONE), 4).unwrap();
    let mut wanted = settings("Berlin");
    wanted.policies.app_approval = true;
    fixture.try_upload(wanted, &token.file).await.unwrap();

    assert_eq!(fixture.rows(&uid).await, [row(CUSTOM, ADDED), row(PUBLIC_ONE, ADDED), row(ONLY_US, MISSING)]);
    let page = fixture.page(&uid).await;
    let public = &page[1];
    assert_eq!(public.name.as_deref(), Some("Public 1100000001"));
    assert!(public.icon_url.as_deref().is_some_and(|url| url.starts_with("https://")));
    assert_eq!(public.total, Some(LicenseCount::Limited(10)));
    assert_eq!(public.available, Some(LicenseCount::Limited(6)));
    assert!(public.added_at.is_some() && public.counted_at.is_some());
    assert!(public.awaiting_approval, "the app was added and awaits approval");
    assert_eq!(
        fixture.tenant().apps(&PageQuery::default()).await.unwrap().items[0].approval,
        Approval::Awaiting
    );
    let missing = &page[2];
    assert_eq!((missing.name.clone(), missing.added_at, missing.awaiting_approval), (None, None, false));
    assert_eq!(
        missing.total,
        Some(LicenseCount::Limited(3)),
        "the licenses of an app that was not found are counted"
    );
}

#[tokio::test]
async fn s7_the_region_decides_in_which_store_an_app_is_looked_up() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, ONLY_US, 3);
    fixture.upload("Berlin", &token).await;
    assert_eq!(fixture.rows(&uid).await, [row(ONLY_US, MISSING)]);

    let mut us = settings("Berlin");
    us.detail.region = Region::new("US").unwrap();
    fixture.tenant().edit_token(&id(&uid), us, &ada()).await.unwrap();
    fixture.work().await;
    assert_eq!(fixture.rows(&uid).await, [row(ONLY_US, ADDED)]);
}

#[tokio::test]
async fn s21_a_manual_sync_sees_new_purchases_and_the_page_says_when_it_was_read() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 10);
    fixture.upload("Berlin", &token).await;
    let before = fixture.page(&uid).await.remove(0);

    fixture.advance(chrono::TimeDelta::hours(1));
    fixture.buy(&uid, PUBLIC_ONE, 5);
    assert_eq!(fixture.page(&uid).await[0], before, "a purchase is not seen before the sync");
    fixture.tenant().sync_assets(&id(&uid)).await.unwrap();

    let after = fixture.page(&uid).await.remove(0);
    assert_eq!(
        (before.total, after.total),
        (Some(LicenseCount::Limited(10)), Some(LicenseCount::Limited(15)))
    );
    assert_eq!(after.counted_at.unwrap() - before.counted_at.unwrap(), chrono::TimeDelta::hours(1));
}

#[tokio::test]
async fn s21_a_location_is_synced_once_a_day_without_a_manual_sync() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 10);
    fixture.upload("Berlin", &token).await;
    let worked = fixture.work().await;
    assert_eq!(worked.next_due, Some("2027-03-02T10:00:00Z".parse().unwrap()));

    fixture.buy(&uid, PUBLIC_ONE, 5);
    fixture.advance(chrono::TimeDelta::hours(24));
    fixture.work().await;
    assert_eq!(fixture.page(&uid).await[0].total, Some(LicenseCount::Limited(15)));
}

#[tokio::test]
async fn n8_the_licenses_of_a_free_app_stay_unlimited_and_never_become_a_number() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location("Berlin");
    fixture.buy(&uid, PUBLIC_ONE, 1);
    fixture.simulator.make_unlimited(&uid, simulated(PUBLIC_ONE)).unwrap();
    fixture.simulator.set_assigned(&uid, simulated(PUBLIC_ONE), 40_000).unwrap();
    fixture.upload("Berlin", &token).await;
    let page = fixture.page(&uid).await;
    assert_eq!(page[0].total, Some(LicenseCount::Unlimited));
    assert_eq!(page[0].available, Some(LicenseCount::Unlimited));
    assert_eq!(serde_json::to_string(&page[0].total).unwrap(), "\"unlimited\"");
}
