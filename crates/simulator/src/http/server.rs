//! A simulator that listens on a socket: one request from the socket to the simulator and back.

use std::{convert::Infallible, io, net::SocketAddr};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request as HttpRequest, State};
use axum::http::header::{HeaderName, HeaderValue};
use axum::http::{StatusCode, response::Parts};
use axum::response::Response as HttpResponse;
use futures_util::{StreamExt, stream};
use tokio::net::ToSocketAddrs;

use super::delivery::{deliver, post_test};
use super::listening::Listening;
use crate::settings::BaseUrl;
use crate::simulator::Simulator;
use crate::wire::{BODY_LIMIT, Request, Response};

/// A running server. It stops when dropped; [`SimulatorServer::stop`] also waits until it has. While it runs, events go
/// on with the clock though no request asks for them, and notifications are posted if the settings name an address.
#[derive(Debug)]
pub struct SimulatorServer {
    listening: Listening,
    simulator: Simulator,
}

impl SimulatorServer {
    /// Listens on `address` (port 0 takes a free one) and answers from `simulator`, which from now on advertises this
    /// address unless its settings say otherwise. Must be called within a tokio runtime with IO and time.
    ///
    /// # Errors
    /// Those of the operating system, when the address cannot be listened on.
    pub async fn start(address: impl ToSocketAddrs, simulator: Simulator) -> io::Result<Self> {
        let (router, deliverer) = (router(simulator.clone()), deliver(simulator.clone()));
        let listening = Listening::start(address, router, deliverer).await?;
        simulator.lock().listening_on = Some(BaseUrl::listening_on(listening.reachable()));
        Ok(Self { listening, simulator })
    }

    /// The URL that clients start from, ending in `/mdm/v2`: the advertised one.
    pub fn base_url(&self) -> String {
        self.simulator.base_url().to_string()
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.listening.address()
    }

    /// The simulator behind it.
    pub fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    /// Stops: the port is free and all connections are closed when this returns.
    pub async fn stop(self) {
        self.listening.stop().await;
    }
}

/// Marks a response that the client must not see: its connection is closed instead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CloseInstead;

/// Sends every request to the simulator, which knows the paths.
fn router(simulator: Simulator) -> Router {
    Router::new().fallback(serve).with_state(simulator)
}

async fn serve(State(simulator): State<Simulator>, request: HttpRequest) -> HttpResponse {
    let begun = simulator.begin(read_request(request).await);
    let reached = match &begun.test {
        Some(notification) => post_test(&simulator, notification).await,
        None => true,
    };
    let answer = simulator.finish(begun, reached);
    if let Some(delay) = answer.delivery.delay {
        tokio::time::sleep(delay).await;
    }
    write_response(answer)
}

async fn read_request(request: HttpRequest) -> Request {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let mut read = Request::new(parts.method.as_str(), target);
    for (name, value) in &parts.headers {
        read = read.header(name.as_str(), String::from_utf8_lossy(value.as_bytes()));
    }
    read.body(read_body(body).await)
}

fn write_response(answer: Response) -> HttpResponse {
    let mut response = HttpResponse::new(Body::empty());
    if answer.delivery.lost {
        response.extensions_mut().insert(CloseInstead);
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    add_headers(&mut parts, &answer.headers);
    let body = match answer.delivery.padded_to_mebibytes {
        Some(mebibytes) => padded(&answer.body, mebibytes),
        None => Body::from(answer.body),
    };
    HttpResponse::from_parts(parts, body)
}

/// Adds headers. One that HTTP does not allow is left out, because a fault may ask for a redirect to anything.
fn add_headers(parts: &mut Parts, headers: &[(String, String)]) {
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            parts.headers.append(name, value);
        }
    }
}

/// The most of a body, in bytes, that is read and dropped beyond the limit. A client that still sends while the
/// connection is closed would see a reset instead of the refusal.
const DRAINED: usize = 32 * BODY_LIMIT;

/// Reads a request body, or as much as is needed to see that it is too large.
pub(crate) async fn read_body(body: Body) -> Vec<u8> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(Ok(chunk)) = chunks.next().await {
        seen = seen.saturating_add(chunk.len());
        if kept.len() <= BODY_LIMIT {
            kept.extend_from_slice(&chunk);
        }
        if seen > DRAINED {
            break;
        }
    }
    kept
}

/// Makes a JSON object long by one more member, and any other body by white space after it. Sent in pieces.
fn padded(body: &[u8], mebibytes: u32) -> Body {
    const PIECE: usize = 64 * 1024;
    let pieces = usize::try_from(mebibytes).unwrap_or(usize::MAX).saturating_mul(BODY_LIMIT / PIECE);
    let object = body.strip_prefix(b"{").filter(|rest| rest.len() > 1);
    let (head, filler, tail) = match object {
        Some(rest) => (&br#"{"padding":""#[..], b'x', [&br#"","#[..], rest].concat()),
        None => (body, b' ', Vec::new()),
    };
    let filler = Bytes::from(vec![filler; PIECE]);
    let all = std::iter::once(Bytes::copy_from_slice(head))
        .chain(std::iter::repeat_n(filler, pieces))
        .chain(std::iter::once(Bytes::from(tail)));
    Body::from_stream(stream::iter(all.map(Ok::<_, Infallible>)))
}
