//! The tester's server on a socket, and its answer to one request.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::{Response, StatusCode};
use chrono::TimeDelta;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::net::ToSocketAddrs;

use super::fault_body::FaultBody;
use super::portal_action::PortalAction;
use super::settings_body::SettingsBody;
use super::views::{NotificationView, RequestView, TesterError, TesterEventView};
use crate::apple::EventId;
use crate::http::{Listening, read_body};
use crate::settings::Settings;
use crate::simulator::{EventOrder, Simulator};

/// All paths, as `GET /` tells them.
const PATHS: [(&str, &str); 17] = [
    ("GET /", "this list"),
    ("GET /log", "the last requests to Apple's service, without any secret"),
    ("DELETE /log", "clear the log and its counts"),
    ("POST /reset", "make everything as it was at the start, settings too"),
    ("POST /faults", "{fault: {kind, ...}, endpoint, page, after, times, always}"),
    ("DELETE /faults", "remove all faults"),
    ("POST /portal/<action>", "what people do in the portal, such as buy {asset: {adam_id}, seats}"),
    ("GET /locations", "their ids, oldest first"),
    ("GET /events", "all events"),
    ("POST /events/run", "{id} now, whatever its plan says"),
    ("POST /events/run_all", "{order: oldest_first | newest_first}"),
    ("POST /events/hold", "{id} until it is run or postponed"),
    ("POST /events/postpone", "{id, seconds} from now"),
    ("POST /notifications/take", "the notifications whose time has come, with the MDM's token"),
    ("GET /clock, POST /clock/advance", "{seconds}"),
    ("GET /settings", "settings and limits"),
    ("POST /settings", "those to be changed"),
];

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

/// An event by its id.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventBody {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostponeBody {
    id: String,
    seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderBody {
    order: EventOrder,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AdvanceBody {
    seconds: i64,
}

/// Answers a tester's request. `at_start` are the settings that a reset brings back.
pub(crate) fn answer(
    simulator: &Simulator,
    at_start: &Settings,
    (method, path): (&str, &str),
    body: &[u8],
) -> Result<Value, TesterError> {
    match (method, path) {
        ("DELETE", "/log") => simulator.clear_requests(),
        ("POST", "/reset") => {
            simulator.reset();
            simulator.change_settings(|settings| settings.clone_from(at_start));
        }
        ("POST", "/faults") => simulator.inject(read::<FaultBody>(body)?.rule()),
        ("DELETE", "/faults") => simulator.clear_faults(),
        ("POST", "/clock/advance") => simulator.advance(seconds(read::<AdvanceBody>(body)?.seconds)),
        ("POST", "/settings") => read::<SettingsBody>(body)?.apply(simulator)?,
        ("POST", _) if path.starts_with("/portal/") => {
            let action = path.trim_start_matches("/portal/");
            return PortalAction::read(action, body)?.act(simulator);
        }
        (_, _) if path.starts_with("/events") => return events(simulator, (method, path), body),
        path => return show(simulator, path),
    }
    Ok(json!({}))
}

fn show(simulator: &Simulator, path: (&str, &str)) -> Result<Value, TesterError> {
    Ok(match path {
        ("GET", "/") => PATHS.iter().map(|(path, about)| json!({ "door": path, "about": about })).collect(),
        ("GET", "/log") => {
            let requests: Vec<RequestView> = simulator.requests().into_iter().map(Into::into).collect();
            json!({ "requests": requests })
        }
        ("GET", "/locations") => {
            let uids: Vec<_> = simulator.locations().iter().map(ToString::to_string).collect();
            json!({ "locations": uids })
        }
        ("POST", "/notifications/take") => {
            let taken = simulator.take_notifications().into_iter();
            json!({ "notifications": taken.map(NotificationView::from).collect::<Vec<_>>() })
        }
        ("GET", "/clock") => json!({ "now": simulator.now() }),
        ("GET", "/settings") => serde_json::to_value(SettingsBody::of(simulator)?)?,
        _ => return Err(TesterError::NoSuchPath),
    })
}

fn events(simulator: &Simulator, path: (&str, &str), body: &[u8]) -> Result<Value, TesterError> {
    // Every act on one event is refused when no event of this id is pending.
    let act = |id: String, act: &dyn Fn(&EventId) -> bool| {
        if act(&EventId::new(&id)) { Ok(json!({})) } else { Err(TesterError::Event(id)) }
    };
    match path {
        ("GET", "/events") => {
            let events: Vec<TesterEventView> = simulator.events().into_iter().map(Into::into).collect();
            Ok(json!({ "events": events }))
        }
        ("POST", "/events/run") => act(read::<EventBody>(body)?.id, &|id| simulator.run_event(id)),
        ("POST", "/events/run_all") => {
            Ok(json!({ "run": simulator.run_events(read::<OrderBody>(body)?.order) }))
        }
        ("POST", "/events/hold") => act(read::<EventBody>(body)?.id, &|id| simulator.hold_event(id)),
        ("POST", "/events/postpone") => {
            let PostponeBody { id, seconds: by } = read(body)?;
            act(id, &|id| simulator.postpone_event(id, seconds(by)))
        }
        _ => Err(TesterError::NoSuchPath),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, TesterError> {
    Ok(serde_json::from_slice(body)?)
}

fn seconds(n: i64) -> TimeDelta {
    TimeDelta::try_seconds(n).unwrap_or(if n < 0 { TimeDelta::MIN } else { TimeDelta::MAX })
}
