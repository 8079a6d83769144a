//! One connection. Hyper's own driver, because it alone can close a connection without a reply.

use std::fmt;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;

use super::face::CloseInstead;

/// The connection was closed on purpose.
#[derive(Debug)]
struct ClosedOnPurpose;

impl fmt::Display for ClosedOnPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection closed on purpose")
    }
}

impl std::error::Error for ClosedOnPurpose {}

/// Serves a connection until either side ends it.
pub(super) async fn serve(stream: TcpStream, router: Router) {
    let routed = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        let answer = routed.call(request);
        async move {
            let response = match answer.await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<CloseInstead>().is_some() {
                return Err(ClosedOnPurpose);
            }
            Ok(response)
        }
    });
    // A client that breaks off, and a connection closed on purpose, end here too: neither is worth a word.
    let _ended =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}
