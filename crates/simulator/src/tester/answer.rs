//! One request at the tester's door.

use chrono::TimeDelta;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::fault_order::FaultOrder;
use super::portal_order::PortalOrder;
use super::settings_order::SettingsOrder;
use super::told::{ToldEvent, ToldNotification, ToldRequest};
use super::trouble::Trouble;
use crate::events::EventOrder;
use crate::model::{EventId, Settings};
use crate::simulator::Simulator;

/// All doors, as `GET /` tells them.
const DOORS: [(&str, &str); 17] = [
    ("GET /", "this list"),
    ("GET /log", "the last requests at Apple's door, without any secret"),
    ("DELETE /log", "forget them"),
    ("POST /reset", "everything back to how it was made, settings to how they were at the start"),
    ("POST /faults", "{fault: {kind, ...}, endpoint, page, after, times, always}"),
    ("DELETE /faults", "let nothing go wrong any more"),
    ("POST /portal/<action>", "what people do in the portal, such as buy {asset: {adam_id}, seats}"),
    ("GET /locations", "their ids, oldest first"),
    ("GET /events", "all events"),
    ("POST /events/run", "{id} now, whatever its plan says"),
    ("POST /events/run_all", "{order: oldest_first | newest_first}"),
    ("POST /events/hold", "{id} until it is run or postponed"),
    ("POST /events/postpone", "{id, seconds} from now"),
    ("POST /notifications/take", "the notifications that are due, with the MDM's token"),
    ("GET /clock, POST /clock/advance", "{seconds}"),
    ("GET /settings", "settings and limits"),
    ("POST /settings", "those to be changed"),
];

/// An event by its id.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Postponed {
    id: String,
    seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    order: EventOrder,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: i64,
}

/// Does what a tester asks for. `at_start` are the settings that a reset brings back.
pub(super) fn answer(
    simulator: &Simulator,
    at_start: &Settings,
    (method, path): (&str, &str),
    body: &[u8],
) -> Result<Value, Trouble> {
    match (method, path) {
        ("DELETE", "/log") => simulator.clear_requests(),
        ("POST", "/reset") => {
            simulator.reset();
            simulator.change_settings(|settings| settings.clone_from(at_start));
        }
        ("POST", "/faults") => simulator.inject(read::<FaultOrder>(body)?.rule()),
        ("DELETE", "/faults") => simulator.clear_faults(),
        ("POST", "/clock/advance") => simulator.advance(seconds(read::<Advance>(body)?.seconds)),
        ("POST", "/settings") => read::<SettingsOrder>(body)?.apply(simulator)?,
        ("POST", _) if path.starts_with("/portal/") => {
            let action = path.trim_start_matches("/portal/");
            return PortalOrder::read(action, body)?.act(simulator);
        }
        (_, _) if path.starts_with("/events") => return events(simulator, (method, path), body),
        door => return told(simulator, door),
    }
    Ok(json!({}))
}

fn told(simulator: &Simulator, door: (&str, &str)) -> Result<Value, Trouble> {
    Ok(match door {
        ("GET", "/") => DOORS.iter().map(|(door, about)| json!({ "door": door, "about": about })).collect(),
        ("GET", "/log") => {
            let requests: Vec<ToldRequest> = simulator.requests().into_iter().map(Into::into).collect();
            json!({ "requests": requests })
        }
        ("GET", "/locations") => {
            let uids: Vec<_> = simulator.locations().iter().map(ToString::to_string).collect();
            json!({ "locations": uids })
        }
        ("POST", "/notifications/take") => {
            let taken = simulator.take_notifications().into_iter();
            json!({ "notifications": taken.map(ToldNotification::from).collect::<Vec<_>>() })
        }
        ("GET", "/clock") => json!({ "now": simulator.now() }),
        ("GET", "/settings") => serde_json::to_value(SettingsOrder::of(simulator)?)?,
        _ => return Err(Trouble::NoSuchDoor),
    })
}

fn events(simulator: &Simulator, door: (&str, &str), body: &[u8]) -> Result<Value, Trouble> {
    let known = |id: String, pending: bool| if pending { Ok(json!({})) } else { Err(Trouble::Event(id)) };
    match door {
        ("GET", "/events") => {
            let events: Vec<ToldEvent> = simulator.events().into_iter().map(Into::into).collect();
            Ok(json!({ "events": events }))
        }
        ("POST", "/events/run") => {
            let Named { id } = read(body)?;
            let pending = simulator.run_event(&EventId::from(id.as_str()));
            known(id, pending)
        }
        ("POST", "/events/run_all") => Ok(json!({ "run": simulator.run_events(read::<Order>(body)?.order) })),
        ("POST", "/events/hold") => {
            let Named { id } = read(body)?;
            let pending = simulator.hold_event(&EventId::from(id.as_str()));
            known(id, pending)
        }
        ("POST", "/events/postpone") => {
            let Postponed { id, seconds: by } = read(body)?;
            let pending = simulator.postpone_event(&EventId::from(id.as_str()), seconds(by));
            known(id, pending)
        }
        _ => Err(Trouble::NoSuchDoor),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Trouble> {
    Ok(serde_json::from_slice(body)?)
}

fn seconds(n: i64) -> TimeDelta {
    TimeDelta::try_seconds(n).unwrap_or(if n < 0 { TimeDelta::MIN } else { TimeDelta::MAX })
}
