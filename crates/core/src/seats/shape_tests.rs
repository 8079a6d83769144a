//! How the state of seats is serialised: what is stored today must be read tomorrow.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{testing::*, *};
use crate::{
    apple_error::{AppleError, ErrorNumber},
    id::UserId,
    seats::DepartureTrigger,
    testing::{location_id, now, shape},
};

const NOW: &str = "2027-01-15T08:00:00Z";

fn seat_key_json() -> Value {
    json!({
        "location": "1",
        "asset": {"adam_id": "7", "pricing_param": {"kind": "standard"}},
        "holder": {"kind": "device", "serial_number": "C02A"}
    })
}

#[test]
fn a_seat_with_everything_that_can_stand_in_it() {
    let trigger = DepartureTrigger::DeviceWiped;
    let error = AppleError { number: Some(ErrorNumber(9709)), message: "none left".into() };
    let seat = Seat {
        progress: Progress::GivenUp { error: SeatError::Apple { error } },
        fence: Some(Fence::around(Direction::Disassociate, now())),
        tries: 2,
        ..seat(Desired::Assigned { because: AssignReason::Kept { trigger } }, Observed::Unknown, now())
    };
    shape(
        &seat,
        &json!({
            "key": seat_key_json(),
            "desired": {"kind": "assigned", "because": {"kind": "kept", "trigger": {"kind": "device_wiped"}}},
            "observed": {"kind": "unknown"},
            "progress": {
                "kind": "given_up",
                "error": {"kind": "apple", "error": {"number": 9709, "message": "none left"}}
            },
            "fence": {"direction": {"kind": "disassociate"}, "until": "2027-01-15T08:15:00Z"},
            "tries": 2,
            "touched_at": NOW
        }),
    );
}

#[test]
fn the_parts_of_a_seat() {
    shape(&user_seat(7, "u1").holder, &json!({"kind": "user", "client_user_id": "u1"}));
    shape(&FREE, &json!({"kind": "unassigned", "because": {"kind": "not_needed"}}));
    let trigger = DepartureTrigger::UserDeleted;
    for (reason, kind) in [
        (AssignReason::Install, json!({"kind": "install"})),
        (AssignReason::Direct, json!({"kind": "direct"})),
        (AssignReason::TokenDeleted, json!({"kind": "token_deleted"})),
        (AssignReason::Foreign, json!({"kind": "foreign"})),
    ] {
        shape(&reason, &kind);
    }
    shape(&UnassignReason::Moved, &json!({"kind": "moved"}));
    shape(&UnassignReason::Revoked, &json!({"kind": "revoked"}));
    let departed = UnassignReason::Departed { trigger };
    shape(&departed, &json!({"kind": "departed", "trigger": {"kind": "user_deleted"}}));
    for (observed, kind) in Observed::ALL.into_iter().zip(["unknown", "unassigned", "reported", "assigned"]) {
        shape(&observed, &json!({"kind": kind}));
    }
    shape(&Progress::Idle, &json!({"kind": "idle"}));
    let apart = Some(Half::Second { of: RequestNumber(3) });
    shape(&Progress::Queued { apart }, &json!({"kind": "queued", "apart": {"kind": "second", "of": 3}}));
    let half = Half::First { of: RequestNumber(3) };
    shape(&half, &json!({"kind": "first", "of": 3}));
    shape(&Progress::InRequest { request: RequestNumber(3) }, &json!({"kind": "in_request", "request": 3}));
    for (error, kind) in [
        (SeatError::Unconfirmed, "unconfirmed"),
        (SeatError::Unexplained, "unexplained"),
        (SeatError::RetiredUser, "retired_user"),
    ] {
        shape(&error, &json!({"kind": kind}));
    }
}

#[test]
fn events_of_a_seat() {
    let answered =
        |outcome| SeatEvent::Answered { request: RequestNumber(3), direction: Direction::Associate, outcome };
    let direction = json!({"kind": "associate"});
    let answer = |outcome: Value| json!({"kind": "answered", "request": 3, "direction": direction, "outcome": outcome});
    let error = || SeatError::Unconfirmed;
    for (outcome, expected) in [
        (SeatOutcome::SentBack { apart: None }, json!({"kind": "sent_back", "apart": null})),
        (
            SeatOutcome::Refused { error: error() },
            json!({"kind": "refused", "error": {"kind": "unconfirmed"}}),
        ),
        (SeatOutcome::Completed, json!({"kind": "completed"})),
        (SeatOutcome::Failed { error: None }, json!({"kind": "failed", "error": null})),
        (SeatOutcome::Lost { last_possible_send: now() }, json!({"kind": "lost", "last_possible_send": NOW})),
    ] {
        shape(&outcome, &expected);
        shape(&answered(outcome), &answer(expected));
    }
    shape(&SeatEvent::Written { request: RequestNumber(3) }, &json!({"kind": "written", "request": 3}));
    shape(&SeatEvent::Listed { begun_at: now() }, &json!({"kind": "listed", "begun_at": NOW}));
    shape(&SeatEvent::NotListed { begun_at: now() }, &json!({"kind": "not_listed", "begun_at": NOW}));
    let notified = SeatEvent::Notified { direction: Direction::Disassociate };
    shape(&notified, &json!({"kind": "notified", "direction": {"kind": "disassociate"}}));
    shape(&SeatEvent::Retry, &json!({"kind": "retry"}));
    let desired = json!({"kind": "unassigned", "because": {"kind": "not_needed"}});
    shape(
        &SeatEvent::DesiredChanged { desired: FREE },
        &json!({"kind": "desired_changed", "desired": desired}),
    );
}

#[test]
fn a_request_in_each_state() {
    let holders = Holders::Users { client_user_ids: [client_user("u1")].into() };
    let (assets, epoch) = ([asset(7)].into(), Epoch(2));
    let direction = Direction::Associate;
    let request = Request::written(location_id("1"), RequestNumber(3), direction, assets, holders, epoch);
    let error = AppleError { number: None, message: "no".into() };
    let event_id = EventId::new("2b2c1a52").unwrap();
    let accepted = json!({"kind": "accepted", "event_id": "2b2c1a52", "accepted_at": NOW, "asked_at": null});
    for (state, expected) in [
        (RequestState::Written { epoch }, json!({"kind": "written", "epoch": 2})),
        (RequestState::Accepted { event_id, accepted_at: now(), asked_at: None }, accepted),
        (RequestState::Ended, json!({"kind": "ended"})),
        (
            RequestState::Refused { error },
            json!({"kind": "refused", "error": {"number": null, "message": "no"}}),
        ),
        (RequestState::Lost, json!({"kind": "lost"})),
    ] {
        shape(
            &Request { state, ..request.clone() },
            &json!({
                "location": "1",
                "number": 3,
                "direction": {"kind": "associate"},
                "assets": [{"adam_id": "7", "pricing_param": {"kind": "standard"}}],
                "holders": {"kind": "users", "client_user_ids": ["u1"]},
                "state": expected
            }),
        );
    }
    let devices = Holders::Devices { serial_numbers: [serial("C02A")].into() };
    shape(&devices, &json!({"kind": "devices", "serial_numbers": ["C02A"]}));
}

#[test]
fn a_vpp_user_and_its_events() {
    let user = UserId::new("ada").unwrap();
    let error = AppleError { number: Some(ErrorNumber(9635)), message: "no".into() };
    let error_json = json!({"number": 9635, "message": "no"});
    let progress = VppUserProgress::GivenUp { error: error.clone() };
    let vpp_user = VppUser { progress, ..VppUser::new(location_id("1"), client_user("u1"), user, now()) };
    shape(
        &vpp_user,
        &json!({
            "location": "1",
            "client_user_id": "u1",
            "user": "ada",
            "status": {"kind": "unknown"},
            "progress": {"kind": "given_up", "error": error_json},
            "touched_at": NOW
        }),
    );
    let request = RequestNumber(3);
    shape(&VppUserProgress::InRequest { request }, &json!({"kind": "in_request", "request": 3}));
    for (status, kind) in [
        (VppUserStatus::Unregistered, "unregistered"),
        (VppUserStatus::Registered, "registered"),
        (VppUserStatus::Associated, "associated"),
        (VppUserStatus::Retired, "retired"),
    ] {
        shape(&status, &json!({"kind": kind}));
        let read = json!({"kind": "read", "status": {"kind": kind}, "begun_at": NOW});
        shape(&VppUserEvent::Read { status, begun_at: now() }, &read);
    }
    shape(&VppUserEvent::Written { request }, &json!({"kind": "written", "request": 3}));
    shape(&VppUserEvent::Ended { request }, &json!({"kind": "ended", "request": 3}));
    let failed = json!({"kind": "failed", "request": 3, "error": error_json});
    shape(&VppUserEvent::Failed { request, error }, &failed);
    shape(&VppUserEvent::Retry, &json!({"kind": "retry"}));
}

#[test]
fn the_device_limit() {
    shape(&DeviceLimit::default(), &json!(5));
    assert!(serde_json::from_value::<DeviceLimit>(json!(0)).is_err());
    assert_eq!(Fence::around(Direction::Associate, now()).until, now() + TimeDelta::minutes(QUIET_MINUTES));
}
