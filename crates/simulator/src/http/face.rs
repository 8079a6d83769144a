//! One request from the socket to the simulator and back.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request as HttpRequest, State};
use axum::http::header::{HeaderName, HeaderValue};
use axum::http::{StatusCode, response::Parts};
use axum::response::Response as HttpResponse;

use super::{body, deliverer};
use crate::request::Request;
use crate::response::Response;
use crate::simulator::Simulator;

/// Put on a response that the client must not see: its connection is closed instead.
#[derive(Clone, Copy, Debug)]
pub(super) struct CloseInstead;

/// Everything goes to the simulator, which knows the paths.
pub(super) fn router(simulator: Simulator) -> Router {
    Router::new().fallback(serve).with_state(simulator)
}

async fn serve(State(simulator): State<Simulator>, request: HttpRequest) -> HttpResponse {
    let begun = simulator.begin(read(request).await);
    let reached = match &begun.test {
        Some(notification) => deliverer::test(&simulator, notification).await,
        None => true,
    };
    let answer = simulator.finish(begun, reached);
    if let Some(delay) = answer.delivery.delay {
        tokio::time::sleep(delay).await;
    }
    write(answer)
}

async fn read(request: HttpRequest) -> Request {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let mut read = Request::new(parts.method.as_str(), target);
    for (name, value) in &parts.headers {
        read = read.header(name.as_str(), String::from_utf8_lossy(value.as_bytes()));
    }
    read.body(body::read(body).await)
}

fn write(answer: Response) -> HttpResponse {
    let mut response = HttpResponse::new(Body::empty());
    if answer.delivery.lost {
        response.extensions_mut().insert(CloseInstead);
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    add_headers(&mut parts, &answer.headers);
    let body = match answer.delivery.padded_to_mebibytes {
        Some(mebibytes) => body::padded(&answer.body, mebibytes),
        None => Body::from(answer.body),
    };
    HttpResponse::from_parts(parts, body)
}

/// A header that HTTP does not allow is left out: a fault may ask for a redirect to anything.
fn add_headers(parts: &mut Parts, headers: &[(String, String)]) {
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            parts.headers.append(name, value);
        }
    }
}
