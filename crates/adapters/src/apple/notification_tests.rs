//! Notifications as the reference shows them, and what comes from elsewhere.

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    catalog::{AssetKey, PricingParam},
    id::{AdamId, ClientUserId, SerialNumber},
    seats::{Direction, EventId, Holder, VppUserStatus},
};
use mdm_vpp_ports::{
    AssetAct, Assignment, NotificationAnswer, NotificationKind, NotifiedResult, SubscriptionAssignment,
    SubscriptionSeats, UserAct,
};
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn envelope(kind: &str, notification: &Value) -> Value {
    json!({
        "notificationId": "4c0b7f0e-1111-4222-8333-944445555666", "notificationType": kind,
        "notification": notification, "uId": "2049025000431439", "more": [1]
    })
}

fn read(body: &Value) -> Result<Notification, NotificationRefusal> {
    read_notification(body.to_string().as_bytes())
}

fn kind(name: &str, notification: &Value) -> NotificationKind {
    read(&envelope(name, notification)).unwrap().kind
}

fn unusable(body: &Value) -> String {
    match read(body) {
        Err(NotificationRefusal::Unusable { member, .. }) => member,
        other => panic!("{body} gave {other:?}"),
    }
}

fn event() -> EventId {
    EventId::new("0b7b6c1e").unwrap()
}

fn users() -> Value {
    json!([
        {"clientUserId": "9d1e", "email": "a@example.org", "status": "Registered", "inviteCode": "f551", "idHash": "x"},
        {"clientUserId": "9d1f", "status": "Retired"}, {"clientUserId": "9d20", "status": "New"}
    ])
}

#[test]
fn what_is_no_json_object_is_refused() {
    let refused = |body: &[u8]| read_notification(body).unwrap_err().code();
    for broken in [b"".as_slice(), b"no JSON", b"{", b"[]", b"7", b"null", b"{}x", b"\xff", &[b'['; 5000]] {
        assert_eq!(refused(broken), "not_json");
    }
    assert_eq!(refused(b"{}"), "unusable");
    let marked = [b"\xef\xbb\xbf".as_slice(), envelope("X", &json!({})).to_string().as_bytes()].concat();
    assert!(read_notification(&marked).is_ok(), "a byte order mark is passed over");
}

#[test]
fn a_test_a_count_and_what_is_unlimited() {
    assert_eq!(kind("TEST_NOTIFICATION", &json!({})), NotificationKind::Test);
    assert_eq!(kind("TEST_NOTIFICATION", &json!(null)), NotificationKind::Test);
    assert_eq!(kind("UNLIMITED_ASSET", &json!({"anything": 1})), NotificationKind::UnlimitedAsset);
    let count = json!({"adamId": "1163852619", "pricingParam": "PLUS", "countDelta": -5});
    let asset = AssetKey { adam_id: AdamId::new(1_163_852_619), pricing_param: PricingParam::HighQuality };
    assert_eq!(kind("ASSET_COUNT", &count), NotificationKind::AssetCount { asset, delta: -5 });
}

#[test]
fn licenses_that_moved() {
    let mut told = json!({
        "type": "ASSOCIATE", "result": "FAILURE", "eventId": "0b7b6c1e",
        "assignments": [
            {"adamId": "1163852619", "pricingParam": "STDQ", "serialNumber": "C02AAAAAAA02"},
            {"adamId": "1163852619", "clientUserId": "9d1e"}
        ],
        "error": {"errorNumber": 9709, "errorMessage": "no\nmore", "errorInfo": {"serialNumbers": ["C02AAAAAAA02"]}}
    });
    let asset = AssetKey { adam_id: AdamId::new(1_163_852_619), pricing_param: PricingParam::Standard };
    let device = Holder::Device { serial_number: SerialNumber::new("C02AAAAAAA02").unwrap() };
    let user = Holder::User { client_user_id: ClientUserId::new("9d1e").unwrap() };
    let expected = [device, user].map(|holder| Assignment { asset: asset.clone(), holder }).to_vec();
    match kind("ASSET_MANAGEMENT", &told) {
        NotificationKind::AssetManagement { act, event_id, result, assignments } => {
            assert_eq!((act, event_id, assignments), (AssetAct::Associate, event(), expected));
            let NotifiedResult::Failure { failure: Some(failure) } = result else { panic!() };
            assert_eq!(failure.error.number, Some(ErrorNumber(9709)));
            assert_eq!(failure.error.message, "no\u{fffd}more");
            assert_eq!(failure.subjects.serial_numbers.len(), 1);
        }
        other => panic!("{other:?}"),
    }
    for (name, direction) in [("DISASSOCIATE", Direction::Disassociate), ("REVOKE", Direction::Disassociate)]
    {
        told["type"] = json!(name);
        told["result"] = json!("SUCCESS");
        let NotificationKind::AssetManagement { act, result, .. } = kind("ASSET_MANAGEMENT", &told) else {
            panic!()
        };
        assert_eq!((act.direction(), result), (direction, NotifiedResult::Success));
    }
}

#[test]
fn users_that_changed() {
    let told = json!({"type": "RETIRE", "result": "FAILURE", "eventId": "0b7b6c1e", "users": users()});
    let NotificationKind::UserManagement { act, event_id, result, users: told } =
        kind("USER_MANAGEMENT", &told)
    else {
        panic!()
    };
    assert_eq!((act, event_id), (UserAct::Retire, event()));
    assert_eq!(result, NotifiedResult::Failure { failure: None });
    let statuses: Vec<_> = told.iter().map(|user| user.status).collect();
    assert_eq!(statuses, [VppUserStatus::Registered, VppUserStatus::Retired, VppUserStatus::Unknown]);
    assert_eq!(told[0].invite_code.as_deref(), Some("f551"));
    let associated = kind("USER_ASSOCIATED", &json!({"associatedUsers": users()}));
    assert_eq!(associated, NotificationKind::UserAssociated { users: told });
}

#[test]
fn subscriptions() {
    let told = json!({
        "type": "DISASSOCIATE", "result": "SUCCESS", "eventId": "0b7b6c1e",
        "assignments": [{"adamId": 361_309_726, "clientUserId": "9d1e", "renewing": false}]
    });
    let client_user_id = ClientUserId::new("9d1e").unwrap();
    let seat =
        SubscriptionAssignment { adam_id: AdamId::new(361_309_726), client_user_id, renewing: Some(false) };
    let NotificationKind::SubscriptionManagement { act, assignments, .. } =
        kind("SUBSCRIPTION_MANAGEMENT", &told)
    else {
        panic!()
    };
    assert_eq!((act, assignments), (AssetAct::Disassociate, vec![seat]));
    let told = json!({
        "parentAdamId": 1, "adamId": 2,
        "counts": {"available": {"renewing": 15, "expiring": 5}, "total": {"renewing": 100, "expiring": 20}}
    });
    let seats = |renewing, expiring| SubscriptionSeats { renewing, expiring };
    assert_eq!(
        kind("SUBSCRIPTION_COUNT", &told),
        NotificationKind::SubscriptionCount {
            parent: Some(AdamId::new(1)),
            adam_id: AdamId::new(2),
            available: seats(15, 5),
            total: seats(100, 20)
        }
    );
}

#[test]
fn what_is_new_is_named_and_answered_with_success() {
    let unknown = |name: &str| NotificationKind::Unknown { name: name.to_owned() };
    assert_eq!(kind("TEA_IS_READY", &json!(7)), unknown("TEA_IS_READY"));
    assert_eq!(kind("TEA\u{1b}[2J", &json!({})), unknown("TEA\u{fffd}[2J"));
    assert_eq!(kind("ASSET_MANAGEMENT", &json!({"type": "LEND"})), unknown("ASSET_MANAGEMENT/LEND"));
    assert_eq!(kind("USER_MANAGEMENT", &json!({"type": "PRAISE"})), unknown("USER_MANAGEMENT/PRAISE"));
    let NotificationKind::Unknown { name } = kind(&"X".repeat(5000), &json!({})) else { panic!() };
    assert_eq!(name.len(), 100);
    let answer = NotificationAnswer::UnknownType { name };
    assert_eq!((answer.code(), answer.http_status()), ("unknown_type", 200));
    assert_eq!(
        (NotificationAnswer::UnknownEvent.code(), NotificationAnswer::UnknownEvent.http_status()),
        ("unknown_event", 200)
    );
}

#[test]
fn a_member_that_cannot_be_used_is_named_with_its_place() {
    for member in ["notificationId", "notificationType", "uId"] {
        let mut body = envelope("TEST_NOTIFICATION", &json!({}));
        body[member] = json!(null);
        assert_eq!(unusable(&body), member);
    }
    let mut body = envelope("TEST_NOTIFICATION", &json!({}));
    body["notificationId"] = json!("a b");
    assert_eq!(unusable(&body), "notificationId");
    let managed = |assignments: Value| {
        envelope(
            "ASSET_MANAGEMENT",
            &json!({"type": "REVOKE", "result": "SUCCESS", "eventId": "0", "assignments": assignments}),
        )
    };
    assert_eq!(
        unusable(&managed(json!([{"adamId": "1", "serialNumber": "a b"}]))),
        "notification.assignments[0].serialNumber"
    );
    assert_eq!(unusable(&managed(json!([7]))), "notification.assignments[0]");
    assert_eq!(unusable(&managed(json!({}))), "notification.assignments");
    assert_eq!(unusable(&envelope("ASSET_COUNT", &json!(null))), "notification");
    assert_eq!(unusable(&envelope("ASSET_COUNT", &json!({"adamId": "x"}))), "notification.adamId");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(read_notification(&body).is_err());
        let braced = [b"{".as_slice(), &body, b"}"].concat();
        let _ = read_notification(&braced);
    }
}
