//! Apple's notifications: an envelope, and in it what happened.

use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    id::ClientUserId,
    printable_text,
};
use mdm_vpp_ports::{
    AssetAct, Notification, NotificationId, NotificationKind, NotificationRefusal, NotifiedResult,
    SubscriptionAssignment, SubscriptionSeats, UserAct,
};
use serde_json::{Map, Value};

use super::{
    Members, Unusable, read_assignment, read_event_id, read_location_id, read_part_error, read_pricing_param,
    read_users,
};
use crate::apple::{
    reply::{failure, without_byte_order_mark},
    scrub::Scrubber,
};

/// The number of characters that are kept of a type's name that we do not know. Our choice: Apple's longest has 23.
const LONGEST_NAME: usize = 100;

/// Reads the body of a notification. One element that cannot be used refuses all of it: a part that was left out
/// would look like a part that Apple did not mention.
pub(crate) fn read_notification(body: &[u8]) -> Result<Notification, NotificationRefusal> {
    let text = without_byte_order_mark(body);
    let envelope: Map<String, Value> =
        serde_json::from_slice(text).map_err(|_| NotificationRefusal::NotJson)?;
    read_envelope(&Members::of_reply(&envelope))
        .map_err(|unusable| NotificationRefusal::Unusable { member: unusable.member, found: unusable.found })
}

fn read_envelope(envelope: &Members<'_>) -> Result<Notification, Unusable> {
    let id = envelope.id("notificationId")?.ok_or_else(|| envelope.missing("notificationId"))?;
    let no_id = || envelope.unusable("notificationId", "it is no id of 1 to 100 visible characters");
    Ok(Notification {
        id: NotificationId::new(&id).ok_or_else(no_id)?,
        location: read_location_id(envelope)?.ok_or_else(|| envelope.missing("uId"))?,
        kind: read_kind(envelope)?,
    })
}

fn read_kind(envelope: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let name = envelope.text("notificationType")?.ok_or_else(|| envelope.missing("notificationType"))?;
    let content = || envelope.object("notification")?.ok_or_else(|| envelope.missing("notification"));
    match name {
        "TEST_NOTIFICATION" => Ok(NotificationKind::Test),
        "ASSET_COUNT" => read_asset_count(&content()?),
        "ASSET_MANAGEMENT" => read_asset_management(&content()?),
        "USER_MANAGEMENT" => read_user_management(&content()?),
        "USER_ASSOCIATED" => {
            Ok(NotificationKind::UserAssociated { users: read_users(&content()?, "associatedUsers")? })
        }
        "SUBSCRIPTION_MANAGEMENT" => read_subscription_management(&content()?),
        "SUBSCRIPTION_COUNT" => read_subscription_count(&content()?),
        "UNLIMITED_ASSET" => Ok(NotificationKind::UnlimitedAsset),
        other => Ok(unknown(other)),
    }
}

fn unknown(name: &str) -> NotificationKind {
    NotificationKind::Unknown { name: printable_text(name).chars().take(LONGEST_NAME).collect() }
}

fn read_asset_count(content: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let adam_id = content.adam_id("adamId")?.ok_or_else(|| content.missing("adamId"))?;
    let pricing_param = content.text("pricingParam")?.map_or(PricingParam::Standard, read_pricing_param);
    let delta = content.whole("countDelta")?.ok_or_else(|| content.missing("countDelta"))?;
    Ok(NotificationKind::AssetCount { asset: AssetKey { adam_id, pricing_param }, delta })
}

fn read_asset_management(content: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let act = match read_asset_act(content)? {
        Ok(act) => act,
        Err(other) => return Ok(unknown(&format!("ASSET_MANAGEMENT/{other}"))),
    };
    let (event_id, result) = (read_event_id(content)?, read_result(content)?);
    let assignments = content.objects("assignments")?.unwrap_or_default();
    let assignments = assignments.iter().map(read_assignment).collect::<Result<_, _>>()?;
    Ok(NotificationKind::AssetManagement { act, event_id, result, assignments })
}

fn read_subscription_management(content: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let act = match read_asset_act(content)? {
        Ok(act) => act,
        Err(other) => return Ok(unknown(&format!("SUBSCRIPTION_MANAGEMENT/{other}"))),
    };
    let (event_id, result) = (read_event_id(content)?, read_result(content)?);
    let assignments = content.objects("assignments")?.unwrap_or_default();
    let assignments = assignments.iter().map(read_subscription_assignment).collect::<Result<_, _>>()?;
    Ok(NotificationKind::SubscriptionManagement { act, event_id, result, assignments })
}

/// What was done with licenses, or Apple's name of something that we do not know.
fn read_asset_act<'a>(content: &Members<'a>) -> Result<Result<AssetAct, &'a str>, Unusable> {
    Ok(match content.text("type")?.ok_or_else(|| content.missing("type"))? {
        "ASSOCIATE" => Ok(AssetAct::Associate),
        "DISASSOCIATE" => Ok(AssetAct::Disassociate),
        "REVOKE" => Ok(AssetAct::Revoke),
        other => Err(other),
    })
}

fn read_subscription_assignment(content: &Members<'_>) -> Result<SubscriptionAssignment, Unusable> {
    let user = content.exact_id("clientUserId")?.ok_or_else(|| content.missing("clientUserId"))?;
    Ok(SubscriptionAssignment {
        adam_id: content.adam_id("adamId")?.ok_or_else(|| content.missing("adamId"))?,
        client_user_id: ClientUserId::new(user)
            .map_err(|error| content.unusable("clientUserId", error.to_string()))?,
        renewing: content.flag("renewing")?,
    })
}

fn read_user_management(content: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let act = match content.text("type")?.ok_or_else(|| content.missing("type"))? {
        "CREATE" => UserAct::Create,
        "UPDATE" => UserAct::Update,
        "RETIRE" => UserAct::Retire,
        other => return Ok(unknown(&format!("USER_MANAGEMENT/{other}"))),
    };
    let (event_id, result) = (read_event_id(content)?, read_result(content)?);
    Ok(NotificationKind::UserManagement { act, event_id, result, users: read_users(content, "users")? })
}

fn read_result(content: &Members<'_>) -> Result<NotifiedResult, Unusable> {
    match content.text("result")?.ok_or_else(|| content.missing("result"))? {
        "SUCCESS" => Ok(NotifiedResult::Success),
        "FAILURE" => {
            let error = content.any("error").and_then(Value::as_object).map(read_part_error);
            Ok(NotifiedResult::Failure { failure: error.map(|error| failure(error, Scrubber::of(None))) })
        }
        _ => Err(content.unusable("result", "it is neither a success nor a failure")),
    }
}

fn read_subscription_count(content: &Members<'_>) -> Result<NotificationKind, Unusable> {
    let counts = content.object("counts")?.ok_or_else(|| content.missing("counts"))?;
    let seats = |name| read_seats(&counts.object(name)?.ok_or_else(|| counts.missing(name))?);
    Ok(NotificationKind::SubscriptionCount {
        parent: content.adam_id("parentAdamId")?,
        adam_id: content.adam_id("adamId")?.ok_or_else(|| content.missing("adamId"))?,
        available: seats("available")?,
        total: seats("total")?,
    })
}

fn read_seats(counts: &Members<'_>) -> Result<SubscriptionSeats, Unusable> {
    let count = |name| {
        let count = counts.whole(name)?.unwrap_or(0);
        u64::try_from(count).map_err(|_| counts.unusable(name, format!("it is {count}, below zero")))
    };
    Ok(SubscriptionSeats { renewing: count("renewing")?, expiring: count("expiring")? })
}

#[cfg(test)]
mod tests {
    use mdm_vpp_core::{
        apple_error::ErrorNumber,
        id::{AdamId, SerialNumber},
        seats::{Direction, EventId, Holder, VppUserStatus},
    };
    use mdm_vpp_ports::{Assignment, NotificationAnswer};
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
        for broken in [b"".as_slice(), b"no JSON", b"{", b"[]", b"7", b"null", b"{}x", b"\xff", &[b'['; 5000]]
        {
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
        let asset =
            AssetKey { adam_id: AdamId::new(1_163_852_619), pricing_param: PricingParam::HighQuality };
        assert_eq!(kind("ASSET_COUNT", &count), NotificationKind::AssetCount { asset, delta: -5 });
    }

    #[test]
    fn licenses_that_moved() {
        let mut content = json!({
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
        match kind("ASSET_MANAGEMENT", &content) {
            NotificationKind::AssetManagement { act, event_id, result, assignments } => {
                assert_eq!((act, event_id, assignments), (AssetAct::Associate, event(), expected));
                let NotifiedResult::Failure { failure: Some(failure) } = result else { panic!() };
                assert_eq!(failure.error.number, Some(ErrorNumber(9709)));
                assert_eq!(failure.error.message, "no\u{fffd}more");
                assert_eq!(failure.subjects.serial_numbers.len(), 1);
            }
            other => panic!("{other:?}"),
        }
        for (name, direction) in
            [("DISASSOCIATE", Direction::Disassociate), ("REVOKE", Direction::Disassociate)]
        {
            content["type"] = json!(name);
            content["result"] = json!("SUCCESS");
            let NotificationKind::AssetManagement { act, result, .. } = kind("ASSET_MANAGEMENT", &content)
            else {
                panic!()
            };
            assert_eq!((act.direction(), result), (direction, NotifiedResult::Success));
        }
    }

    #[test]
    fn users_that_changed() {
        let content = json!({"type": "RETIRE", "result": "FAILURE", "eventId": "0b7b6c1e", "users": users()});
        let NotificationKind::UserManagement { act, event_id, result, users: content } =
            kind("USER_MANAGEMENT", &content)
        else {
            panic!()
        };
        assert_eq!((act, event_id), (UserAct::Retire, event()));
        assert_eq!(result, NotifiedResult::Failure { failure: None });
        let statuses: Vec<_> = content.iter().map(|user| user.status).collect();
        assert_eq!(statuses, [VppUserStatus::Registered, VppUserStatus::Retired, VppUserStatus::Unknown]);
        assert_eq!(content[0].invite_code.as_deref(), Some("f551"));
        let associated = kind("USER_ASSOCIATED", &json!({"associatedUsers": users()}));
        assert_eq!(associated, NotificationKind::UserAssociated { users: content });
    }

    #[test]
    fn subscriptions() {
        let content = json!({
            "type": "DISASSOCIATE", "result": "SUCCESS", "eventId": "0b7b6c1e",
            "assignments": [{"adamId": 361_309_726, "clientUserId": "9d1e", "renewing": false}]
        });
        let client_user_id = ClientUserId::new("9d1e").unwrap();
        let seat = SubscriptionAssignment {
            adam_id: AdamId::new(361_309_726),
            client_user_id,
            renewing: Some(false),
        };
        let NotificationKind::SubscriptionManagement { act, assignments, .. } =
            kind("SUBSCRIPTION_MANAGEMENT", &content)
        else {
            panic!()
        };
        assert_eq!((act, assignments), (AssetAct::Disassociate, vec![seat]));
        let content = json!({
            "parentAdamId": 1, "adamId": 2,
            "counts": {"available": {"renewing": 15, "expiring": 5}, "total": {"renewing": 100, "expiring": 20}}
        });
        let seats = |renewing, expiring| SubscriptionSeats { renewing, expiring };
        assert_eq!(
            kind("SUBSCRIPTION_COUNT", &content),
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
}
