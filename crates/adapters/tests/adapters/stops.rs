//! `Retry-After`: a hard stop.

use std::time::Duration;

use chrono::TimeDelta;
use mdm_vpp_core::{
    id::AdamId,
    token::{ContentToken, Region, StorePlatform},
};
use mdm_vpp_ports::{AppMetadata, AppMetadataQuery, LicenseService};
use serde_json::json;

use crate::{
    harness::{ASSETS, Bench, CLIENT_CONFIG, LOOKUP, client_config, failed, token},
    server::Canned,
};

fn query() -> AppMetadataQuery {
    let region = Region::new("DE").unwrap();
    AppMetadataQuery { region, platform: StorePlatform::Enterprise, adam_ids: vec![AdamId::new(1)] }
}

#[tokio::test]
async fn a_long_retry_after_ends_the_call_and_holds_the_token_until_it_is_over() {
    for form in ["120", "Sun, 01 Mar 2026 12:02:00 GMT"] {
        let bench = Bench::start().await;
        bench.server.on(
            CLIENT_CONFIG,
            [Canned::error(503, 9729).header("retry-after", form), Canned::json(client_config())],
        );
        let error = failed(bench.licenses.client_config(&token()).await);
        assert_eq!(error.retry_after, Some(Duration::from_secs(120)), "{form}");
        let sent = bench.client.requests_sent();
        assert_eq!(sent, 2);

        bench.clock.advance(TimeDelta::seconds(119));
        let held = failed(bench.licenses.assets(&token()).await);
        assert_eq!(held.call, "reading the assets");
        assert_eq!(held.kind, error.kind);
        assert_eq!(held.retry_after, Some(Duration::from_secs(1)));
        failed(bench.store.look_up(&token(), &query()).await);
        assert_eq!(bench.client.requests_sent(), sent, "a held call sends nothing");

        bench.clock.advance(TimeDelta::seconds(1));
        bench.licenses.client_config(&token()).await.unwrap();
    }
}

#[tokio::test]
async fn a_stop_holds_the_other_tokens_of_a_known_location_and_no_foreign_one() {
    let bench = Bench::start().await;
    let old = ContentToken::new("b2xkIHRva2VuIG9mIHRoZSBsb2NhdGlvbg==").unwrap();
    let foreign = ContentToken::new("Zm9yZWlnbiB0b2tlbg==").unwrap();
    bench.server.on(CLIENT_CONFIG, [Canned::json(client_config())]);
    bench.licenses.client_config(&old).await.unwrap();
    bench.licenses.client_config(&token()).await.unwrap();
    bench.server.on(
        ASSETS,
        [Canned::text(429, "").header("retry-after", "3600"), Canned::json(json!({"assets": []}))],
    );
    failed(bench.licenses.assets(&old).await);
    assert_eq!(
        failed(bench.licenses.client_config(&token()).await).retry_after,
        Some(Duration::from_secs(3600))
    );
    bench.licenses.assets(&foreign).await.unwrap();
}

#[tokio::test]
async fn a_store_that_asks_to_wait_does_not_hold_the_licenses() {
    let bench = Bench::start().await;
    bench.server.on(LOOKUP, [Canned::text(429, "").header("retry-after", "3600")]);
    bench.server.on(CLIENT_CONFIG, [Canned::json(client_config())]);
    failed(bench.store.look_up(&token(), &query()).await);
    let sent = bench.client.requests_sent();
    assert_eq!(
        failed(bench.store.look_up(&token(), &query()).await).retry_after,
        Some(Duration::from_secs(3600))
    );
    assert_eq!(bench.client.requests_sent(), sent);
    bench.licenses.client_config(&token()).await.unwrap();
}
