//! Events and the bodies of requests, as the reference shows them.

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    catalog::{AssetKey, PricingParam},
    id::{AdamId, ClientUserId, SerialNumber},
    seats::{Direction, Holders},
};
use mdm_vpp_ports::{
    AssignmentsQuery, EventStatus, ManageAssets, ManageUsers, NotificationSecret, ServiceErrorKind,
    Subscription, UserAct, UserToManage, UsersQuery,
};
use serde_json::{Value, json};

use super::*;
use crate::apple::scrub::Scrubber;

fn status(body: &Value) -> Result<EventStatus, ServiceErrorKind> {
    answer_event(200, body.to_string().as_bytes(), Scrubber::of(None)).map(|report| report.status)
}

fn parsed(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

fn user(client_user_id: &str) -> ClientUserId {
    ClientUserId::new(client_user_id).unwrap()
}

fn devices() -> Holders {
    let serial_numbers = ["C02AAAAAAA02", "C02AAAAAAA01"].map(|serial| SerialNumber::new(serial).unwrap());
    Holders::Devices { serial_numbers: serial_numbers.into() }
}

#[test]
fn an_accepted_request_has_an_id_and_tells_what_every_reply_tells() {
    let body = json!({
        "eventId": "0b7b6c1e-6d5f-4b0e-9a55-1f2a3b4c5d6e", "tokenExpirationDate": "2027-03-01T10:00:00+0000",
        "uId": "2049025000431439", "mdmInfo": {"id": "7d3f", "name": "Example MDM", "metadata": "mdm.example.org"}
    });
    let read = answer_accepted(200, body.to_string().as_bytes(), Scrubber::of(None)).unwrap();
    assert_eq!(read.event_id.as_str(), "0b7b6c1e-6d5f-4b0e-9a55-1f2a3b4c5d6e");
    assert_eq!(read.location.unwrap().as_str(), "2049025000431439");
    assert_eq!(read.reply.mdm_info.unwrap().name, "Example MDM");
    for bad in [json!({}), json!({"eventId": null}), json!({"eventId": "a b"}), json!({"eventId": ""})] {
        let read = answer_accepted(200, bad.to_string().as_bytes(), Scrubber::of(None));
        assert!(
            matches!(read, Err(ServiceErrorKind::UnexpectedReply { member, .. }) if member == "eventId"),
            "{bad}"
        );
    }
}

#[test]
fn an_event_is_pending_complete_or_failed() {
    assert_eq!(status(&json!({"eventStatus": "PENDING"})), Ok(EventStatus::Pending));
    let complete =
        json!({"eventStatus": "COMPLETE", "eventType": "ASSOCIATE", "numRequested": 2, "numCompleted": 2});
    assert_eq!(status(&complete), Ok(EventStatus::Complete));
    for nothing in [json!(null), json!([]), json!({}), json!("none"), json!([7, null])] {
        let failed = json!({"eventStatus": "FAILED", "failures": nothing});
        assert_eq!(status(&failed), Ok(EventStatus::Failed { failures: vec![] }));
    }
    for bad in [json!({}), json!({"eventStatus": "LATER"}), json!({"eventStatus": 7})] {
        assert!(status(&bad).is_err(), "{bad}");
    }
}

#[test]
fn a_failed_event_names_each_error_and_whom_it_is_about() {
    let body = json!({
        "eventStatus": "FAILED", "eventType": "ASSOCIATE", "numRequested": 2, "numCompleted": 1,
        "failures": [
            {"errorNumber": 9709, "errorMessage": "", "errorInfo": {
                "assets": [{"adamId": "1163852619", "pricingParam": "STDQ"}], "serialNumbers": ["C02AAAAAAA02"]
            }},
            {"errorInfo": {"clientUserIds": ["9d1e"]}}
        ]
    });
    let Ok(EventStatus::Failed { failures }) = status(&body) else { panic!() };
    assert_eq!(failures[0].error.number, Some(ErrorNumber(9709)));
    assert!(!failures[0].error.message.is_empty(), "its meaning stands in for a message");
    assert_eq!(failures[0].subjects.adam_ids, [AdamId::new(1_163_852_619)].into());
    assert_eq!(failures[0].subjects.serial_numbers.len(), 1);
    assert_eq!(failures[1].error.number, None);
    assert_eq!(failures[1].subjects.client_user_ids, [user("9d1e")].into());
}

#[test]
fn a_request_names_each_asset_and_each_holder_once() {
    let asset = |id, pricing_param| AssetKey { adam_id: AdamId::new(id), pricing_param };
    let assets = [asset(1_163_852_619, PricingParam::Standard), asset(1, PricingParam::HighQuality)];
    let order = ManageAssets { direction: Direction::Associate, assets: assets.into(), holders: devices() };
    let serial_numbers = json!(["C02AAAAAAA01", "C02AAAAAAA02"]);
    assert_eq!(
        parsed(&manage_assets_body(&order)),
        json!({
            "assets": [{"adamId": "1", "pricingParam": "PLUS"}, {"adamId": "1163852619", "pricingParam": "STDQ"}],
            "serialNumbers": serial_numbers
        })
    );
    assert_eq!(parsed(&revoke_body(&devices())), json!({"serialNumbers": serial_numbers}));
    let users = Holders::Users { client_user_ids: [user("9d1e")].into() };
    assert_eq!(parsed(&revoke_body(&users)), json!({"clientUserIds": ["9d1e"]}));
}

#[test]
fn users_are_named_with_what_is_known_and_retired_by_their_id_alone() {
    let with = UserToManage {
        client_user_id: user("9d1e"),
        email: Some("a@example.org".into()),
        managed_apple_id: Some("a@appleid.example.org".into()),
    };
    let without = UserToManage { client_user_id: user("9d1f"), email: None, managed_apple_id: None };
    let body =
        |act| parsed(&manage_users_body(&ManageUsers { act, users: vec![with.clone(), without.clone()] }));
    let named = json!({"users": [
        {"clientUserId": "9d1e", "email": "a@example.org", "managedAppleId": "a@appleid.example.org"},
        {"clientUserId": "9d1f"}
    ]});
    assert_eq!([body(UserAct::Create), body(UserAct::Update)], [named.clone(), named]);
    let retired = json!({"users": [{"clientUserId": "9d1e"}, {"clientUserId": "9d1f"}]});
    assert_eq!(body(UserAct::Retire), retired);
}

#[test]
fn a_subscription_names_address_secret_and_the_complete_list() {
    let subscription = Subscription {
        url: "https://mdm.example.org/aab/7d3f".into(),
        bearer: NotificationSecret::new("k3y").unwrap(),
        types: ["ASSET_COUNT".to_owned()].into(),
    };
    assert_eq!(
        parsed(&subscription_body(&subscription)),
        json!({
            "notificationUrl": "https://mdm.example.org/aab/7d3f", "notificationAuthToken": "k3y",
            "notificationTypes": ["ASSET_COUNT"]
        })
    );
}

#[test]
fn a_question_names_only_what_narrows_it() {
    assert_eq!(assignments_query(&AssignmentsQuery::default()), []);
    assert_eq!(users_query(&UsersQuery::default()), []);
    let asked = AssignmentsQuery {
        page: 2,
        since_version: Some("v".into()),
        adam_id: Some(AdamId::new(1)),
        serial_number: Some(SerialNumber::new("C02").unwrap()),
        client_user_id: Some(user("9d1e")),
    };
    let expected = [
        ("pageIndex", "2"),
        ("sinceVersionId", "v"),
        ("adamId", "1"),
        ("serialNumber", "C02"),
        ("clientUserId", "9d1e"),
    ];
    assert_eq!(assignments_query(&asked), expected.map(|(name, value)| (name, value.to_owned())));
    let asked = UsersQuery { active_only: true, client_user_id: Some(user("9d1e")), ..UsersQuery::default() };
    let expected = [("clientUserId", "9d1e"), ("activeOnly", "true")];
    assert_eq!(users_query(&asked), expected.map(|(name, value)| (name, value.to_owned())));
}
