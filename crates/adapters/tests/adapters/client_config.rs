//! Reading what a token belongs to, and claiming it.

use mdm_vpp_core::token::{MdmInfo, Region, StoreKind, parse_expiry};
use mdm_vpp_ports::LicenseService;
use serde_json::{Value, json};

use crate::{
    harness::{Bench, CLIENT_CONFIG, SERVICE_CONFIG, TOKEN, client_config, failed, service_config, token},
    server::{Canned, Server},
};

#[tokio::test]
async fn a_token_is_shown_once_as_a_bearer_and_never_to_the_service_config() {
    let bench = Bench::start().await;
    bench.server.on(CLIENT_CONFIG, [Canned::json(client_config())]);
    let config = bench.licenses.client_config(&token()).await.unwrap();
    assert_eq!(config.location.id.as_str(), "2049025000431439");
    assert_eq!(config.location.name, "Example GmbH");
    assert_eq!(config.location.country, Region::new("DE").ok());
    assert_eq!(config.location.store, StoreKind::Business);
    assert_eq!(config.reply.expires_at, parse_expiry("2027-03-01T10:00:00Z"));

    let asked = bench.server.asked(CLIENT_CONFIG);
    assert_eq!(asked.len(), 1);
    assert_eq!((asked[0].method.as_str(), asked[0].query.as_str()), ("GET", ""));
    assert_eq!(asked[0].headers.get_all("authorization").iter().count(), 1);
    assert_eq!(asked[0].header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    assert_eq!(asked[0].header("user-agent"), Some(concat!("mdm-vpp/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(asked[0].header("content-type"), None);
    assert_eq!(asked[0].header("cookie"), None);

    let config_asked = bench.server.asked(SERVICE_CONFIG);
    assert_eq!(config_asked.len(), 1);
    assert_eq!(config_asked[0].header("authorization"), None);
    assert_eq!(config_asked[0].header("cookie"), None);
    assert_eq!(bench.client.requests_sent(), 2);
}

#[tokio::test]
async fn a_claim_is_posted_whole_also_when_it_is_sent_again() {
    let bench = Bench::start().await;
    let claimed =
        json!({"id": "mdm-1:2049025000431439", "name": "Example MDM", "metadata": "mdm.example.org"});
    let mut reply = client_config();
    reply["mdmInfo"] = claimed.clone();
    bench.server.on(CLIENT_CONFIG, [Canned::error(500, 9603), Canned::text(503, ""), Canned::json(reply)]);
    let claim = MdmInfo {
        id: "mdm-1:2049025000431439".into(),
        name: "Example MDM".into(),
        metadata: "mdm.example.org".into(),
    };
    let config = bench.licenses.claim(&token(), &claim).await.unwrap();
    assert_eq!(config.reply.mdm_info, Some(claim));

    let asked = bench.server.asked(CLIENT_CONFIG);
    assert_eq!(asked.len(), 3);
    for request in asked {
        assert_eq!(request.method, "POST");
        assert_eq!(request.header("content-type"), Some("application/json"));
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body, json!({"mdmInfo": claimed}));
    }
}

#[tokio::test]
async fn a_claim_is_shortened_to_the_limits_of_the_service_config_but_its_id_is_not() {
    let server = Server::start().await;
    let mut limits = service_config(&server);
    limits["limits"] = json!({"maxMdmIdLength": 2, "maxMdmNameLength": 4, "maxMdmMetadataLength": 3});
    server.on(SERVICE_CONFIG, [Canned::json(limits)]).on(CLIENT_CONFIG, [Canned::error(400, 9724)]);
    let bench = Bench::around(server, |_| {});
    let claim = MdmInfo { id: "mdm-1".into(), name: "Größe".into(), metadata: "äöü".into() };
    let error = failed(bench.licenses.claim(&token(), &claim).await);
    assert_eq!(error.number().map(|number| number.0), Some(9724));
    let body: Value = serde_json::from_slice(&bench.server.asked(CLIENT_CONFIG)[0].body).unwrap();
    assert_eq!(body, json!({"mdmInfo": {"id": "mdm-1", "name": "Grö", "metadata": "ä"}}));
}

#[tokio::test]
async fn a_service_config_without_addresses_means_the_documented_ones() {
    let server = Server::start().await;
    server.on(SERVICE_CONFIG, [Canned::json(json!({}))]).on(CLIENT_CONFIG, [Canned::json(client_config())]);
    let bench = Bench::around(server, |settings| settings.base_url.push('/'));
    bench.licenses.client_config(&token()).await.unwrap();
}
