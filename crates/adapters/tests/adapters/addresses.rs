//! Where the token goes, and where not.

use mdm_vpp_adapters::apple::{AppleClient, SettingsError};
use mdm_vpp_adapters::http::ReqwestTransport;
use mdm_vpp_ports::{LicenseService, ServiceErrorKind};
use serde_json::json;

use crate::{
    harness::{Bench, CLIENT_CONFIG, SERVICE_CONFIG, client_config, failed, quick, token},
    server::{Canned, Server},
};

#[tokio::test]
async fn a_service_config_cannot_send_the_token_elsewhere() {
    for (url, shown) in [
        ("https://evilapple.com/assets?x=1", "https://evilapple.com/assets"),
        ("https://apple.com.evil.org/", "https://apple.com.evil.org/"),
        ("http://vpp.itunes.apple.com/mdm/v2", "http://vpp.itunes.apple.com/mdm/v2"),
        ("https://192.168.0.1:8443/", "https://192.168.0.1:8443/"),
        ("https://me:pass@vpp.itunes.apple.com/", "https://vpp.itunes.apple.com/"),
        ("not a url\n", "not a url\u{fffd}"),
    ] {
        let server = Server::start().await;
        server.on(SERVICE_CONFIG, [Canned::json(json!({"urls": {"clientConfig": url}}))]);
        let bench = Bench::around(server, |_| {});
        match failed(bench.licenses.client_config(&token()).await).kind {
            ServiceErrorKind::AddressRefused { url, .. } => assert_eq!(url, shown),
            other => panic!("{other:?}"),
        }
        assert_eq!(bench.client.requests_sent(), 1, "the service config alone");
    }
}

#[tokio::test]
async fn a_redirect_on_the_same_host_is_followed_with_the_token_and_the_body() {
    for (status, method) in [(301, "POST"), (302, "POST"), (307, "POST"), (308, "POST"), (303, "GET")] {
        let bench = Bench::start().await;
        bench.server.on(CLIENT_CONFIG, [Canned::redirect(status, "/moved?to=here")]);
        bench.server.on("/moved", [Canned::json(client_config())]);
        bench.licenses.claim(&token(), &Default::default()).await.unwrap();
        let moved = bench.server.asked("/moved");
        assert_eq!((moved[0].method.as_str(), moved[0].query.as_str()), (method, "to=here"));
        assert!(moved[0].header("authorization").is_some());
        assert_eq!(moved[0].body.is_empty(), method == "GET");
        assert_eq!(bench.client.requests_sent(), 3);
    }
}

#[tokio::test]
async fn a_redirect_to_another_host_is_an_error_that_names_it() {
    let other = Server::start().await;
    for target in [other.url("/steal?token=1"), "https://vpp.itunes.apple.com/mdm/v2".to_owned()] {
        let bench = Bench::start().await;
        bench.server.on(CLIENT_CONFIG, [Canned::redirect(307, target.as_str())]);
        let error = failed(bench.licenses.client_config(&token()).await);
        let ServiceErrorKind::AddressRefused { url, reason } = &error.kind else { panic!("{error}") };
        assert_eq!(url.as_str(), target.split('?').next().unwrap());
        assert_eq!(*reason, "a redirect leads to another host");
        assert!(!error.is_retryable());
    }
    assert!(other.all_asked().is_empty());
}

#[tokio::test]
async fn a_redirect_is_followed_three_times() {
    let bench = Bench::start().await;
    bench.server.on(CLIENT_CONFIG, [Canned::redirect(302, "/1")]);
    bench.server.on("/1", [Canned::redirect(302, "/2")]).on("/2", [Canned::redirect(302, "/3")]);
    bench.server.on("/3", [Canned::json(client_config())]);
    bench.licenses.client_config(&token()).await.unwrap();

    bench.server.forget("/3").on("/3", [Canned::redirect(302, CLIENT_CONFIG)]);
    let before = bench.client.requests_sent();
    let error = failed(bench.licenses.client_config(&token()).await);
    assert!(matches!(
        error.kind,
        ServiceErrorKind::AddressRefused { reason: "it is one redirect too many", .. }
    ));
    assert_eq!(bench.client.requests_sent() - before, 4);
}

#[tokio::test]
async fn a_redirect_without_a_target_is_an_http_error() {
    let bench = Bench::start().await;
    bench.server.on(CLIENT_CONFIG, [Canned::text(302, "")]);
    let error = failed(bench.licenses.client_config(&token()).await);
    assert!(matches!(error.kind, ServiceErrorKind::HttpStatus { status: 302, .. }));
}

#[tokio::test]
async fn a_base_address_must_be_fit_for_a_secret() {
    let refused = |base_url: &str| {
        let settings = quick(base_url);
        let transport = std::sync::Arc::new(ReqwestTransport::new(settings.connect_timeout).unwrap());
        let clock = mdm_vpp_ports::fake::ManualClock::at(chrono::DateTime::UNIX_EPOCH);
        AppleClient::new(settings, transport, std::sync::Arc::new(clock)).err()
    };
    assert!(matches!(refused("vpp.itunes.apple.com"), Some(SettingsError::NotAUrl { .. })));
    for base_url in
        ["http://vpp.itunes.apple.com/mdm/v2", "http://10.0.0.1/", "https://me@vpp.itunes.apple.com/"]
    {
        assert!(matches!(refused(base_url), Some(SettingsError::AddressRefused { .. })), "{base_url}");
    }
    for base_url in
        ["https://vpp.itunes.apple.com/mdm/v2", "https://10.0.0.1:8443/v2", "http://[::1]:4000/v2"]
    {
        assert_eq!(refused(base_url), None, "{base_url}");
    }
}
