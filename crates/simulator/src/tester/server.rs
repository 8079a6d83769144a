//! The tester's server on a socket.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{Response, StatusCode};
use serde_json::json;
use tokio::net::ToSocketAddrs;

use super::answer::answer;
use crate::http::{Listening, read_body};
use crate::settings::Settings;
use crate::simulator::Simulator;

/// A running server for testers, beside the one that stands for Apple. It stops when dropped. There is no password:
/// every client that reaches it can do everything.
///
/// `GET /` lists its paths. Bodies and answers are JSON with keys in snake case, and unknown members are refused. A
/// request that cannot be carried out is answered with status 400, 404 or 409 and `{"error": "..."}`.
///
/// ```text
/// POST /portal/buy     {"asset": {"adam_id": "9000000104"}, "seats": 5}
/// POST /faults         {"endpoint": "associate_assets", "fault": {"kind": "answer_lost"}}
/// POST /faults         {"fault": {"kind": "event", "plan": {"delay": {"kind": "never"}}}, "times": 3}
/// POST /settings       {"events": {"delay": {"kind": "after", "milliseconds": 500}, "steps": 4}}
/// POST /clock/advance  {"seconds": 3600}
/// ```
#[derive(Debug)]
pub struct TesterServer {
    listening: Listening,
}

#[derive(Clone)]
struct Shared {
    simulator: Simulator,
    at_start: Settings,
}

impl TesterServer {
    /// Listens on `address` (port 0 takes a free one). A reset brings back the settings of this moment. Must be called
    /// within a tokio runtime with IO and time.
    ///
    /// # Errors
    /// Those of the operating system, when the address cannot be listened on.
    pub async fn start(address: impl ToSocketAddrs, simulator: Simulator) -> io::Result<Self> {
        let shared = Shared { at_start: simulator.settings(), simulator };
        let router = Router::new().fallback(serve).with_state(shared);
        Ok(Self { listening: Listening::start(address, router, std::future::pending()).await? })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.listening.address()
    }

    /// The URL of the server, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.listening.reachable())
    }

    /// Stops: the port is free and all connections are closed when this returns.
    pub async fn stop(self) {
        self.listening.stop().await;
    }
}

async fn serve(State(shared): State<Shared>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = read_body(body).await;
    let path = (parts.method.as_str(), parts.uri.path());
    let (status, value) = match answer(&shared.simulator, &shared.at_start, path, &body) {
        Ok(value) => (StatusCode::OK, value),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            (status, json!({ "error": error.to_string() }))
        }
    };
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
