//! Apple's service config: shared, cached, refreshed.

use std::sync::Arc;

use chrono::TimeDelta;
use mdm_vpp_ports::{LicenseService, ServiceLimits};
use serde_json::json;

use crate::{
    harness::{ASSETS, Bench, CLIENT_CONFIG, SERVICE_CONFIG, client_config, failed, service_config, token},
    server::{Canned, Gate, Server},
};

async fn bench() -> Bench {
    let bench = Bench::start().await;
    bench.server.on(CLIENT_CONFIG, [Canned::json(client_config())]);
    bench.server.on(ASSETS, [Canned::json(json!({"assets": []}))]);
    bench
}

#[tokio::test]
async fn it_is_read_once_in_five_minutes() {
    let bench = bench().await;
    let reads = || bench.server.asked(SERVICE_CONFIG).len();
    bench.licenses.client_config(&token()).await.unwrap();
    bench.licenses.assets(&token()).await.unwrap();
    bench.clock.advance(TimeDelta::seconds(299));
    bench.licenses.assets(&token()).await.unwrap();
    assert_eq!(reads(), 1);
    bench.clock.advance(TimeDelta::seconds(1));
    bench.licenses.assets(&token()).await.unwrap();
    assert_eq!(reads(), 2);
}

#[tokio::test]
async fn eight_callers_share_one_read() {
    let server = Server::start().await;
    let gate = Gate::of(1);
    server.on(SERVICE_CONFIG, [Canned::json(service_config(&server)).behind(&gate)]);
    server.on(CLIENT_CONFIG, [Canned::json(client_config())]);
    let bench = Arc::new(Bench::around(server, |_| {}));
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let bench = bench.clone();
            tokio::spawn(async move { bench.licenses.client_config(&token()).await })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(bench.server.asked(SERVICE_CONFIG).len(), 1);
    assert_eq!(bench.server.asked(CLIENT_CONFIG).len(), 8);
}

#[tokio::test]
async fn its_new_addresses_and_limits_are_used_after_a_refresh() {
    let bench = bench().await;
    bench.licenses.client_config(&token()).await.unwrap();
    assert_eq!(bench.client.service_limits().await.unwrap(), ServiceLimits::default());
    let moved = json!({"urls": {"clientConfig": bench.server.url("/new")}, "limits": {"maxAssets": 10}});
    bench.server.forget(SERVICE_CONFIG).on(SERVICE_CONFIG, [Canned::json(moved)]);
    bench.server.on("/new", [Canned::json(client_config())]);
    bench.clock.advance(TimeDelta::minutes(5));
    bench.licenses.client_config(&token()).await.unwrap();
    assert_eq!(bench.server.asked("/new").len(), 1);
    assert_eq!(bench.client.service_limits().await.unwrap().pack.max_assets.get(), 10);
}

#[tokio::test]
async fn a_refresh_that_fails_is_one_request_and_leaves_the_old_one_in_use() {
    let bench = bench().await;
    bench.licenses.client_config(&token()).await.unwrap();
    bench.server.forget(SERVICE_CONFIG).on(SERVICE_CONFIG, [Canned::text(503, "<html>")]);
    bench.clock.advance(TimeDelta::minutes(5));
    bench.licenses.client_config(&token()).await.unwrap();
    bench.licenses.client_config(&token()).await.unwrap();
    assert_eq!(bench.server.asked(SERVICE_CONFIG).len(), 2);
}

#[tokio::test]
async fn a_first_read_that_fails_is_told_as_its_own_call_and_the_token_stays_here() {
    let server = Server::start().await;
    server.on(SERVICE_CONFIG, [Canned::text(200, "<html>captive portal</html>")]);
    let bench = Bench::around(server, |_| {});
    let error = failed(bench.licenses.client_config(&token()).await);
    assert_eq!((error.call, error.code()), ("reading the service config", "not_json"));
    assert_eq!(bench.server.asked(SERVICE_CONFIG).len(), 4);
    assert!(bench.server.all_asked().iter().all(|request| request.header("authorization").is_none()));
}
