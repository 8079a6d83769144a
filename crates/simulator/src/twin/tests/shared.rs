//! What the third door shares with the others: model, settings, limits, faults and the request log.

use mdm_vpp_core::apple_error::ErrorNumber as Number;
use mdm_vpp_core::token::Region;
use mdm_vpp_core::{catalog::Lookup, token::StorePlatform};
use mdm_vpp_ports::{AppMetadata, AppMetadataQuery, LicenseService, ServiceErrorKind};

use super::scene::{Scene, claim, id};
use crate::{Endpoint, Request, SynchronousErrors, demonstration};

#[tokio::test]
async fn a_claim_by_one_door_is_seen_by_the_other() {
    let scene = Scene::new();
    let told = scene.apple.claim(&scene.token, &claim("Example", "host")).await.unwrap();
    assert_eq!(told.reply.mdm_info, Some(claim("Example", "host")));
    let request = Request::get(Endpoint::ReadClientConfig.path()).bearer(&scene.location.token_file);
    assert_eq!(scene.simulator.handle(request).value().unwrap()["mdmInfo"]["metadata"], "host");
}

#[tokio::test]
async fn every_page_is_a_request_in_the_log() {
    let scene = Scene::new();
    scene.simulator.change_settings(|settings| settings.page_capacity = 4.try_into().unwrap());
    assert_eq!(scene.apple.assets(&scene.token).await.unwrap().assets.len(), 9);
    let log = scene.simulator.requests();
    let queries: Vec<_> = log.iter().map(|entry| entry.query.as_str()).collect();
    assert_eq!(queries, ["", "pageIndex=1", "pageIndex=2"]);
    assert!(log.iter().all(|entry| entry.token == Some(scene.location.token)));
}

#[tokio::test]
async fn a_dead_token_has_its_number_with_either_status() {
    let scene = Scene::new();
    scene.simulator.revoke_token(scene.location.token).unwrap();
    for (errors, status) in [(SynchronousErrors::Observed, 200), (SynchronousErrors::Documented, 401)] {
        scene.simulator.change_settings(|settings| settings.token_errors = errors);
        let error = scene.apple.client_config(&scene.token).await.unwrap_err();
        assert_eq!(error.number(), Some(Number(9625)));
        assert!(matches!(error.kind, ServiceErrorKind::Apple(apple) if apple.http_status == status));
    }
}

#[tokio::test]
async fn a_claim_is_cut_to_the_limits_at_a_character_and_its_id_is_not() {
    let scene = Scene::new();
    scene.simulator.change_limits(|limits| {
        limits.max_mdm_name_length = Some(5);
        limits.max_mdm_metadata_length = None;
    });
    let told = scene.apple.claim(&scene.token, &claim("Müüll", &"m".repeat(300))).await.unwrap();
    assert_eq!(told.reply.mdm_info, Some(claim("Müü", &"m".repeat(255))));
    scene.simulator.change_limits(|limits| limits.max_mdm_id_length = Some(4));
    let refused = scene.apple.claim(&scene.token, &claim("Müüll", "")).await.unwrap_err();
    assert_eq!(refused.number(), Some(Number(9724)));
}

#[tokio::test]
async fn a_lookup_is_one_request_however_many_apps_are_asked_for() {
    let scene = Scene::new();
    let known = id(demonstration::ROUTE_SHEET.number());
    let query = AppMetadataQuery {
        region: Region::new("DE").unwrap(),
        platform: StorePlatform::Volume,
        adam_ids: (1..=200).map(id).chain([known, known]).collect(),
    };
    let found = scene.apple.look_up(&scene.token, &query).await.unwrap();
    assert_eq!(found.len(), 201);
    assert!(matches!(&found[&known], Lookup::Listed(listing) if listing.name == "Route Sheet"));
    assert_eq!(found.values().filter(|lookup| **lookup == Lookup::NotListed).count(), 200);
    assert_eq!(scene.simulator.count(Endpoint::MetadataLookup), 1);
}
