//! Posting notifications while a server runs.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinSet};

use crate::model::Notification;
use crate::settings::{BaseUrl, NotificationDials};
use crate::simulator::Simulator;
use crate::wire::JSON;

/// The pause between two looks into the outbox: short, so that tests need not wait.
const PACE: Duration = Duration::from_millis(20);

/// Posts the notifications whose time has come, one after the other, until it is dropped. One that is not received is
/// tried twice more, beside the others. It also keeps events going that no request asks for.
pub(super) async fn deliver(simulator: Simulator) {
    let mut again = JoinSet::new();
    loop {
        tokio::time::sleep(PACE).await;
        while again.try_join_next().is_some() {}
        let dials = simulator.catch_up_and_read_dials();
        let Some(to) = &dials.deliver_to else { continue };
        for notification in simulator.take_notifications() {
            if !post(to, &notification).await {
                again.spawn(try_again(dials.clone(), notification));
            }
        }
    }
}

async fn try_again(dials: NotificationDials, notification: Notification) {
    let Some(to) = &dials.deliver_to else { return };
    for pause in dials.pauses {
        tokio::time::sleep(pause).await;
        if post(to, &notification).await {
            return;
        }
    }
}

/// Posts the test notification where there is an address for it. Answers whether the MDM answered it well.
pub(super) async fn post_test(simulator: &Simulator, notification: &Notification) -> bool {
    match simulator.settings().notifications.deliver_to {
        Some(to) => post(&to, notification).await,
        None => simulator.test_succeeds(notification),
    }
}

/// The longest time that a receiver may take (assumption). After it the notification counts as not received.
const PATIENCE: Duration = Duration::from_secs(10);

/// Posts a notification to this address in place of that in its URL, whose path stays. Answers whether it was received:
/// answered with a status of 2xx.
async fn post(to: &BaseUrl, notification: &Notification) -> bool {
    tokio::time::timeout(PATIENCE, attempt(to, notification))
        .await
        .ok()
        .flatten()
        .is_some_and(|status| (200..300).contains(&status))
}

/// The status of the answer; `None` when there is none.
async fn attempt(to: &BaseUrl, notification: &Notification) -> Option<u16> {
    let (authority, prefix) = to.plain_authority()?;
    // A colon after the last bracket begins a port; colons before it belong to an IPv6 address.
    let stream = if authority.rsplit(']').next().is_some_and(|rest| rest.contains(':')) {
        TcpStream::connect(authority).await
    } else {
        TcpStream::connect((authority.trim_matches(['[', ']']), 80)).await
    };
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream.ok()?)).await.ok()?;
    let driver = tokio::spawn(connection);
    let request = Request::post(format!("{prefix}{}", path(&notification.url)))
        .header(HOST, authority)
        .header(AUTHORIZATION, format!("Bearer {}", notification.bearer))
        .header(CONTENT_TYPE, JSON)
        .body(Body::from(notification.body.clone()));
    let answer = sender.send_request(request.ok()?).await.ok().map(|answer| answer.status().as_u16());
    driver.abort();
    answer
}

/// The path of a URL; client config accepts only those with a host and perhaps a path.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/")
}
