//! Pages of assignments and users as the reference shows them, and pages that lack something.

use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    id::{AdamId, ClientUserId, SerialNumber},
    seats::{Holder, VppUserStatus},
};
use mdm_vpp_ports::{Assignment, AssignmentsPage, ServiceErrorKind};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::apple::{reply::read_reply, scrub::Scrubber};

fn page(body: &Value) -> Result<AssignmentsPage, ServiceErrorKind> {
    answer_assignments(200, body.to_string().as_bytes(), Scrubber::of(None)).map(|read| read.page)
}

fn unusable(body: &Value) -> (String, String) {
    match page(body) {
        Err(ServiceErrorKind::UnexpectedReply { member, found }) => (member, found),
        other => panic!("{body} gave {other:?}"),
    }
}

fn of(adam_id: u64, pricing_param: PricingParam, holder: Holder) -> Assignment {
    Assignment { asset: AssetKey { adam_id: AdamId::new(adam_id), pricing_param }, holder }
}

fn device(serial_number: &str) -> Holder {
    Holder::Device { serial_number: SerialNumber::new(serial_number).unwrap() }
}

fn user(client_user_id: &str) -> Holder {
    Holder::User { client_user_id: ClientUserId::new(client_user_id).unwrap() }
}

#[test]
fn a_page_of_assignments_is_read() {
    let body = json!({
        "assignments": [
            {"adamId": "1163852619", "pricingParam": "STDQ", "serialNumber": "C02AAAAAAA01"},
            {"adamId": "361309726", "pricingParam": "PLUS", "clientUserId": "9d1e", "userStatus": "Associated", "idHash": "x1Y2="},
            {"adamId": 1, "serialNumber": " C02AAAAAAA01 ", "clientUserId": null, "more": [{"adamId": []}]},
            {"adamId": "1", "pricingParam": "GOLD\u{1b}", "clientUserId": " \"ä\" "}
        ],
        "currentPageIndex": 0, "nextPageIndex": 1, "size": 4, "totalPages": 3,
        "versionId": "658a45d0-5a7b-11eb-b9e4-d782eaed4cfb", "uId": "2049025000431439", "mdmInfo": null,
        "tokenExpirationDate": "2027-03-01T10:00:00+0000", "errorNumber": 0
    });
    let read = page(&body).unwrap();
    let gold = PricingParam::Other { name: "GOLD\u{fffd}".into() };
    assert_eq!(
        read.assignments,
        [
            of(1_163_852_619, PricingParam::Standard, device("C02AAAAAAA01")),
            of(361_309_726, PricingParam::HighQuality, user("9d1e")),
            of(1, PricingParam::Standard, device("C02AAAAAAA01")),
            of(1, gold, user(" \"ä\" ")),
        ]
    );
    assert_eq!((read.page.next, read.page.total), (Some(1), Some(3)));
    assert_eq!(read.page.version_id.as_deref(), Some("658a45d0-5a7b-11eb-b9e4-d782eaed4cfb"));
    assert_eq!(read.page.location.unwrap().as_str(), "2049025000431439");
    assert!(read.page.reply.expires_at.is_some());
}

#[test]
fn a_page_without_the_list_is_empty_unless_its_size_says_otherwise() {
    for empty in [json!({}), json!({"assignments": []}), json!({"assignments": null, "size": 0})] {
        assert_eq!(page(&empty).unwrap().assignments, []);
    }
    assert_eq!(unusable(&json!({"size": 2})).0, "assignments");
    assert_eq!(unusable(&json!({"assignments": {}})).1, "it is an object instead of a list");
}

#[test]
fn one_assignment_that_cannot_be_used_refuses_the_page_with_its_place() {
    let good = json!({"adamId": "1", "serialNumber": "C02"});
    for (bad, member) in [
        (json!(7), ""),
        (json!(null), ""),
        (json!([1, [2]]), ""),
        (json!({"serialNumber": "C02"}), ".adamId"),
        (json!({"adamId": null, "serialNumber": "C02"}), ".adamId"),
        (json!({"adamId": "x", "serialNumber": "C02"}), ".adamId"),
        (json!({"adamId": 1.5, "serialNumber": "C02"}), ".adamId"),
        (json!({"adamId": -1, "serialNumber": "C02"}), ".adamId"),
        (json!({"adamId": {}, "serialNumber": "C02"}), ".adamId"),
        (json!({"adamId": "1", "pricingParam": true, "serialNumber": "C02"}), ".pricingParam"),
        (json!({"adamId": "1"}), ".serialNumber"),
        (json!({"adamId": "1", "serialNumber": ""}), ".serialNumber"),
        (json!({"adamId": "1", "serialNumber": "a b"}), ".serialNumber"),
        (json!({"adamId": "1", "serialNumber": "7".repeat(51)}), ".serialNumber"),
        (json!({"adamId": "1", "clientUserId": "a\nb"}), ".clientUserId"),
        (json!({"adamId": "1", "clientUserId": []}), ".clientUserId"),
        (json!({"adamId": "1", "clientUserId": "a", "serialNumber": "C02"}), ".clientUserId"),
    ] {
        let body = json!({"assignments": [good, good, bad, good]});
        assert_eq!(unusable(&body).0, format!("assignments[2]{member}"), "{bad}");
    }
}

#[test]
fn an_error_beside_a_list_is_an_error_and_a_cut_list_is_cut() {
    let body = json!({"assignments": [7], "errorNumber": 9721, "errorMessage": "No"}).to_string();
    for status in [200, 400] {
        let read = answer_assignments(status, body.as_bytes(), Scrubber::of(None)).map(|read| read.page);
        assert!(
            matches!(read, Err(ServiceErrorKind::Apple { error, .. }) if error.number.map(|number| number.0) == Some(9721))
        );
    }
    for length in 1..body.len() {
        let cut =
            answer_assignments(200, &body.as_bytes()[..length], Scrubber::of(None)).map(|read| read.page);
        assert_eq!(cut, Err(ServiceErrorKind::Truncated { length }));
    }
}

#[test]
fn users_are_read() {
    let body = json!({
        "users": [
            {"clientUserId": "9d1e", "email": "a@example.org", "status": "Registered", "inviteCode": "f551"},
            {"clientUserId": "9d1e", "email": null, "status": "Deleted", "idHash": "x1Y2="},
            {"clientUserId": "9d1f", "status": "Associated"}, {"clientUserId": "9d20"}
        ],
        "currentPageIndex": 1, "size": 4, "totalPages": 2, "versionId": "v2", "uId": "2049"
    });
    let read = answer_users(200, body.to_string().as_bytes(), Scrubber::of(None)).unwrap().page;
    let statuses: Vec<_> = read.users.iter().map(|user| user.status).collect();
    use VppUserStatus::{Associated, Registered, Retired, Unknown};
    assert_eq!(statuses, [Registered, Retired, Associated, Unknown]);
    assert_eq!(read.users[0].email.as_deref(), Some("a@example.org"));
    assert_eq!(read.users[0].invite_code.as_deref(), Some("f551"));
    assert_eq!((read.page.next, read.page.version_id.as_deref()), (None, Some("v2")));
    for bad in [json!({}), json!({"clientUserId": ""}), json!({"clientUserId": "a", "status": 7})] {
        let body = json!({"users": [bad]}).to_string();
        assert!(answer_users(200, body.as_bytes(), Scrubber::of(None)).is_err(), "{bad}");
    }
}

/// Values of an assignment, right and wrong.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!("1163852619")),
        Just(json!("C02AAAAAAA01")),
        Just(json!("PLUS")),
        Just(json!(" 7 ")),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!({"adamId": "1"})),
        Just(json!(["1"])),
    ]
}

fn element() -> impl Strategy<Value = Value> {
    let name =
        prop::sample::select(["adamId", "pricingParam", "serialNumber", "clientUserId", "x"].as_slice());
    let members = prop::collection::vec((name, value()), 0..5);
    let object = members.prop_map(|members| {
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Value>()
    });
    prop_oneof![4 => object, 1 => value()]
}

proptest! {
    /// The quick way of long pages reads each element as the usual way would.
    #[test]
    fn both_ways_to_read_an_assignment_agree(list in prop::collection::vec(element(), 0..4)) {
        let body = json!({"assignments": list});
        let reply = read_reply(200, body.to_string().as_bytes(), Scrubber::of(None)).unwrap();
        let usual = Members::of_reply(&reply).objects("assignments").and_then(|list| {
            list.unwrap_or_default().iter().map(read_assignment).collect::<Result<Vec<_>, _>>()
        });
        prop_assert_eq!(page(&body).map(|page| page.assignments).is_ok(), usual.is_ok());
        if let (Ok(quick), Ok(usual)) = (page(&body), usual) {
            prop_assert_eq!(quick.assignments, usual);
        }
    }
}
