//! Notifications over a socket, as an MDM receives them.

use std::time::Duration;

use mdm_vpp_simulator::demonstration::ROUTE_SHEET;
use mdm_vpp_simulator::{BaseUrl, Endpoint, Fault, FaultRule, SimulatorServer};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::fixture::{ASSOCIATE, Fixture, client, to_devices, with_server};

/// A notification as an MDM received it: the first line, the bearer, the body.
struct Received {
    line: String,
    bearer: String,
    body: Value,
}

/// An MDM that answers with these statuses in turn, then with 200.
async fn mdm(statuses: &'static [u16]) -> (BaseUrl, mpsc::UnboundedReceiver<Received>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = BaseUrl::parse(&format!("http://{}/proxied", listener.local_addr().unwrap())).unwrap();
    let (sent, received) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut statuses = statuses.iter().copied().chain(std::iter::repeat(200));
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut text = String::new();
            let (head, body) = loop {
                let mut piece = [0; 4096];
                let read = stream.read(&mut piece).await.unwrap();
                text.push_str(std::str::from_utf8(&piece[..read]).unwrap());
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                if let Ok(body) = serde_json::from_str::<Value>(body) {
                    break (head.to_owned(), body);
                }
            };
            let answer = format!("HTTP/1.1 {} x\r\ncontent-length: 0\r\n\r\n", statuses.next().unwrap());
            stream.write_all(answer.as_bytes()).await.unwrap();
            let bearer = head.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap();
            let line = head.lines().next().unwrap().to_owned();
            sent.send(Received { line, bearer: bearer.to_owned(), body }).unwrap_or_default();
        }
    });
    (address, received)
}

async fn subscribe(fixture: &Fixture, server: &SimulatorServer, to: BaseUrl) -> (StatusCode, Value) {
    fixture.simulator.change_settings(|settings| {
        settings.notifications.deliver_to = Some(to);
        settings.notifications.pauses = [Duration::from_millis(10); 2];
    });
    let body = json!({
        "notificationUrl": "https://mdm.example.org/aab/7d3f", "notificationAuthToken": "k3y",
        "notificationTypes": ["ASSET_MANAGEMENT", "ASSET_COUNT"]
    });
    let url = format!("{}/client/config", server.base_url());
    let reply =
        client().post(url).bearer_auth(&fixture.location.token_file).json(&body).send().await.unwrap();
    (reply.status(), reply.json().await.unwrap())
}

#[tokio::test]
async fn the_test_comes_during_the_config_and_events_come_by_themselves() {
    let (fixture, server) = with_server().await;
    let (address, mut received) = mdm(&[]).await;
    assert_eq!(subscribe(&fixture, &server, address).await.0, StatusCode::OK);
    let test = received.try_recv().unwrap();
    assert_eq!((test.line.as_str(), test.bearer.as_str()), ("POST /proxied/aab/7d3f HTTP/1.1", "Bearer k3y"));
    assert_eq!(test.body["notificationType"], "TEST_NOTIFICATION");

    let event = fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
    let notification = received.recv().await.unwrap();
    assert_eq!(notification.body["notification"]["eventId"], event.as_str());
}

#[tokio::test]
async fn a_notification_can_overtake_the_answer_to_the_request_that_it_is_about() {
    let (fixture, server) = with_server().await;
    let (address, mut received) = mdm(&[]).await;
    subscribe(&fixture, &server, address).await;
    received.recv().await.unwrap();
    let slow = Fault::SlowReply { delay: Duration::from_secs(5) };
    fixture.simulator.inject(FaultRule::at(Endpoint::AssociateAssets, slow));
    let begun = client()
        .post(format!("{}/assets/associate", server.base_url()))
        .bearer_auth(&fixture.location.token_file)
        .json(&to_devices(&[ROUTE_SHEET], &["A"]))
        .send();
    let answered = tokio::spawn(begun);
    assert_eq!(received.recv().await.unwrap().body["notificationType"], "ASSET_MANAGEMENT");
    assert!(!answered.is_finished());
    answered.abort();
}

#[tokio::test]
async fn a_failed_test_refuses_the_config_whether_it_is_answered_or_not() {
    let (fixture, server) = with_server().await;
    let (address, _received) = mdm(&[403]).await;
    let (status, body) = subscribe(&fixture, &server, address).await;
    assert_eq!((status, &body["errorNumber"]), (StatusCode::BAD_REQUEST, &json!(9728)));
    for unreachable in ["http://127.0.0.1:1", "https://127.0.0.1:1", "http://[::1]:1"] {
        let (_, body) = subscribe(&fixture, &server, BaseUrl::parse(unreachable).unwrap()).await;
        assert_eq!(body["errorNumber"], 9728, "{unreachable}");
    }
}

#[tokio::test]
async fn a_notification_is_tried_three_times_and_then_dropped() {
    let (fixture, server) = with_server().await;
    let (address, mut received) = mdm(&[200, 500, 302, 500]).await;
    subscribe(&fixture, &server, address).await;
    assert_eq!(received.recv().await.unwrap().body["notificationType"], "TEST_NOTIFICATION");
    fixture.simulator.buy(&fixture.location.uid, ROUTE_SHEET, 7).unwrap();
    for _ in 0..3 {
        assert_eq!(received.recv().await.unwrap().body["notification"]["countDelta"], 7);
    }
    fixture.simulator.buy(&fixture.location.uid, ROUTE_SHEET, 8).unwrap();
    assert_eq!(received.recv().await.unwrap().body["notification"]["countDelta"], 8, "no fourth attempt");
}

#[tokio::test]
async fn without_an_address_nothing_is_posted_and_notifications_wait_to_be_taken() {
    let (fixture, server) = with_server().await;
    let (address, mut received) = mdm(&[]).await;
    subscribe(&fixture, &server, address).await;
    fixture.simulator.change_settings(|settings| settings.notifications.deliver_to = None);
    received.recv().await.unwrap();
    fixture.simulator.buy(&fixture.location.uid, ROUTE_SHEET, 7).unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;

    assert_eq!(fixture.simulator.take_notifications().len(), 1);
    assert!(received.try_recv().is_err());
}
