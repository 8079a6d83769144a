//! Names and icons from the store.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::Lookup,
    id::AdamId,
    token::{Region, StorePlatform},
};
use mdm_vpp_ports::{AppMetadata, AppMetadataQuery, ServiceErrorKind};
use serde_json::{Value, json};

use crate::{
    harness::{Bench, LOOKUP, SERVICE_CONFIG, TOKEN, failed, token},
    server::{Canned, Server},
};

fn query(platform: StorePlatform, adam_ids: impl IntoIterator<Item = u64>) -> AppMetadataQuery {
    let region = Region::new("DE").unwrap();
    AppMetadataQuery { region, platform, adam_ids: adam_ids.into_iter().map(AdamId::new).collect() }
}

fn results(results: Value) -> Canned {
    let mut body = json!({"version": 2, "isAuthenticated": false});
    body["results"] = results;
    Canned::text(200, body.to_string()).header("content-type", "text/javascript;charset=utf-8")
}

fn named(found: &BTreeMap<AdamId, Lookup>, id: u64) -> &str {
    match &found[&AdamId::new(id)] {
        Lookup::Listed(listing) => &listing.name,
        Lookup::NotListed => panic!("{id} is not listed"),
    }
}

#[tokio::test]
async fn a_lookup_shows_the_token_as_a_raw_cookie_and_nowhere_else() {
    for (platform, word) in [
        (StorePlatform::Enterprise, "enterprisestore"),
        (StorePlatform::Volume, "volumestore"),
        (StorePlatform::Mac, "macappstore"),
    ] {
        let bench = Bench::start().await;
        bench.server.on(LOOKUP, [results(json!({"1": {"id": "1", "name": "Notes"}}))]);
        let found = bench.store.look_up(&token(), &query(platform, [2, 1, 2, 1])).await.unwrap();
        assert_eq!(named(&found, 1), "Notes");
        assert_eq!(found[&AdamId::new(2)], Lookup::NotListed);

        let asked = bench.server.asked(LOOKUP);
        assert_eq!(asked.len(), 1);
        assert_eq!(
            asked[0].query,
            format!("version=2&id=1,2&p=mdm-lockup&caller=MDM&platform={word}&cc=de&l=en")
        );
        assert_eq!(asked[0].header("cookie"), Some(format!("itvt={TOKEN}").as_str()));
        assert_eq!(asked[0].header("authorization"), None);
        assert_eq!(bench.client.requests_sent(), 2);
    }
}

#[tokio::test]
async fn an_empty_lookup_sends_nothing() {
    let bench = Bench::start().await;
    let found = bench.store.look_up(&token(), &query(StorePlatform::Enterprise, [])).await.unwrap();
    assert!(found.is_empty());
    assert_eq!(bench.client.requests_sent(), 0);
}

#[tokio::test]
async fn ids_go_in_batches_of_fifty() {
    let bench = Bench::start().await;
    bench.server.on(
        LOOKUP,
        [
            results(json!({"1": {"name": "First"}})),
            results(json!({})),
            results(json!({"101": {"name": "Last"}})),
        ],
    );
    let found = bench.store.look_up(&token(), &query(StorePlatform::Enterprise, 1..=101)).await.unwrap();
    assert_eq!(found.len(), 101);
    assert_eq!((named(&found, 1), named(&found, 101)), ("First", "Last"));
    let asked = bench.server.asked(LOOKUP);
    let sizes: Vec<_> = asked.iter().map(|request| request.query.matches(',').count() + 1).collect();
    assert_eq!(sizes, [50, 50, 1]);
}

#[tokio::test]
async fn a_403_of_the_store_passes_by_itself() {
    let bench = Bench::start().await;
    bench.server.on(
        LOOKUP,
        [
            Canned::text(403, ""),
            Canned::json(json!({"errors": [{"code": "40300", "title": "Invalid Stoken"}]})).status(403),
            results(json!({"1": {"name": "Notes"}})),
        ],
    );
    let found = bench.store.look_up(&token(), &query(StorePlatform::Enterprise, [1])).await.unwrap();
    assert_eq!(named(&found, 1), "Notes");

    bench.server.forget(LOOKUP).on(LOOKUP, [Canned::text(403, "")]);
    let error = failed(bench.store.look_up(&token(), &query(StorePlatform::Enterprise, [1])).await);
    assert!(matches!(error.kind, ServiceErrorKind::HttpStatus { status: 403, .. }));
    assert_eq!(bench.server.asked(LOOKUP).len(), 3 + 4);
}

#[tokio::test]
async fn an_entry_without_a_name_spoils_no_other_and_is_an_error_alone() {
    let bench = Bench::start().await;
    bench.server.on(LOOKUP, [results(json!({"1": {"id": 1}, "2": {"name": "Notes"}}))]);
    let found = bench.store.look_up(&token(), &query(StorePlatform::Enterprise, [1, 2, 3])).await.unwrap();
    assert_eq!(found.keys().map(|id| id.number()).collect::<Vec<_>>(), [2, 3]);

    let error = failed(bench.store.look_up(&token(), &query(StorePlatform::Enterprise, [1])).await);
    assert!(
        matches!(error.kind, ServiceErrorKind::UnexpectedReply { member, .. } if member == "results.1.name")
    );
}

#[tokio::test]
async fn a_service_config_without_the_lookup_is_named_and_one_that_leads_away_is_refused() {
    for (urls, code) in [
        (json!({}), "unexpected_reply"),
        (json!({"contentMetadataLookup": "https://evil.example/lookup"}), "address_refused"),
    ] {
        let server = Server::start().await;
        server.on(SERVICE_CONFIG, [Canned::json(json!({"urls": urls}))]);
        let bench = Bench::around(server, |_| {});
        let error = failed(bench.store.look_up(&token(), &query(StorePlatform::Enterprise, [1])).await);
        assert_eq!(error.code(), code);
        assert_eq!(bench.client.requests_sent(), 1);
    }
}

#[tokio::test]
async fn an_error_body_and_a_page_of_a_proxy_are_no_empty_store() {
    for (canned, code) in [
        (Canned::error(200, 9625), "apple_error"),
        (Canned::text(200, "<html>"), "not_json"),
        (Canned::json(json!({"version": 2})), "unexpected_reply"),
    ] {
        let bench = Bench::start().await;
        bench.server.on(LOOKUP, [canned]);
        let error = failed(bench.store.look_up(&token(), &query(StorePlatform::Enterprise, [1])).await);
        assert_eq!(error.code(), code);
    }
}
