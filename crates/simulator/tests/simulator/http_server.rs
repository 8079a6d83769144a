//! The service on a socket: the same answers as in-process.

use mdm_vpp_simulator::{BODY_LIMIT, BaseUrl, Endpoint, SimulatorServer};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::fixture::{CLIENT_CONFIG, Fixture, client, with_server};

#[tokio::test]
async fn a_client_starts_from_service_config_and_finds_everything() {
    let (fixture, server) = with_server().await;
    let config: Value = client()
        .get(format!("{}/service/config", server.base_url()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let url = |name: &str| config["urls"][name].as_str().unwrap().to_owned();
    assert!(url("getAssets").starts_with(&format!("http://{}/mdm/v2/", server.address())));

    let assets =
        client().get(url("getAssets")).bearer_auth(&fixture.location.token_file).send().await.unwrap();
    assert_eq!(assets.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(assets.json::<Value>().await.unwrap()["size"], 9);

    let lookup = format!(
        "{}?version=2&id=9000000105&p=mdm-lockup&caller=MDM&platform=enterprisestore&cc=de&l=en",
        url("contentMetadataLookup")
    );
    let cookie = format!("itvt={}", fixture.location.token_file);
    let found = client().get(lookup).header("cookie", cookie).send().await.unwrap();
    assert_eq!(found.headers()["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(found.json::<Value>().await.unwrap()["results"]["9000000105"]["name"], "Depot Checklist");
}

#[tokio::test]
async fn the_server_and_the_handle_give_the_same_bytes() {
    let (fixture, server) = with_server().await;
    let claim = json!({"mdmInfo": {"id": "1", "name": "Ä", "metadata": ""}});
    let url = format!("{}/client/config", server.base_url());
    let token = &fixture.location.token_file;
    let written = client().post(&url).bearer_auth(token).json(&claim).send().await.unwrap();
    let by_http = written.bytes().await.unwrap();

    assert_eq!(by_http, fixture.get(CLIENT_CONFIG).body);
    assert_eq!(fixture.simulator.count(Endpoint::WriteClientConfig), 1);
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused_with_an_error_body() {
    let (fixture, server) = with_server().await;
    let reply = client()
        .post(format!("{}/client/config", server.base_url()))
        .bearer_auth(&fixture.location.token_file)
        .header("content-type", "application/json")
        .body(vec![b' '; 10 * BODY_LIMIT])
        .send()
        .await
        .unwrap();

    assert_eq!(reply.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(reply.json::<Value>().await.unwrap()["errorNumber"], 9602);
}

#[tokio::test]
async fn an_advertised_address_is_told_instead_of_the_real_one() {
    let (fixture, server) = with_server().await;
    let advertised = BaseUrl::parse("https://apps.example.org").unwrap();
    fixture.simulator.change_settings(|settings| settings.advertised = Some(advertised));

    assert_eq!(server.base_url(), "https://apps.example.org/mdm/v2");
}

#[tokio::test]
async fn a_stopped_server_answers_no_request_not_even_on_open_connections() {
    let (_scene, server) = with_server().await;
    let (address, client) = (server.address(), client());
    let url = format!("{}/service/config", server.base_url());
    client.get(&url).send().await.unwrap().bytes().await.unwrap();
    server.stop().await;

    assert!(client.get(&url).send().await.is_err());
    assert!(std::net::TcpListener::bind(address).is_ok(), "the port is free");
}

#[tokio::test]
async fn an_address_in_use_is_an_error_and_not_a_panic() {
    let (fixture, server) = with_server().await;
    assert!(SimulatorServer::start(server.address(), fixture.simulator).await.is_err());
}

#[tokio::test]
async fn many_clients_at_once_are_all_answered() {
    let (fixture, server) = with_server().await;
    let (client, url) = (client(), format!("{}/assets", server.base_url()));
    let tasks: Vec<_> = (0..50)
        .map(|_| tokio::spawn(client.get(&url).bearer_auth(&fixture.location.token_file).send()))
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().status(), StatusCode::OK);
    }

    assert_eq!(fixture.simulator.count(Endpoint::Assets), 50);
}

#[tokio::test]
async fn two_simulators_on_two_sockets_share_nothing() {
    let (fixture, _server) = with_server().await;
    let other = Fixture::new();
    let _other_server = SimulatorServer::start("127.0.0.1:0", other.simulator.clone()).await.unwrap();

    assert_ne!(fixture.simulator.base_url(), other.simulator.base_url());
}
