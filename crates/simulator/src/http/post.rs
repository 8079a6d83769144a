//! One notification over the wire.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::model::BaseUrl;
use crate::notifications::Notification;
use crate::response::JSON;

/// A receiver that takes longer has not received.
const PATIENCE: Duration = Duration::from_secs(10);

/// Posts a notification to this address in place of that in its URL, whose path stays. Whether it was received: answered
/// with a status of 2xx.
pub(super) async fn post(to: &BaseUrl, notification: &Notification) -> bool {
    tokio::time::timeout(PATIENCE, attempt(to, notification))
        .await
        .ok()
        .flatten()
        .is_some_and(|status| (200..300).contains(&status))
}

/// The status of the answer; `None` when there is none.
async fn attempt(to: &BaseUrl, notification: &Notification) -> Option<u16> {
    let (authority, prefix) = to.plain_authority()?;
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

/// The path of a URL that was checked to have a host and perhaps a path.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/")
}
