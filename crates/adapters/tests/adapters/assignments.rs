//! Assignments, events and users: what is asked, and what is read.

use mdm_vpp_core::{
    apple_error::ErrorNumber,
    catalog::{AssetKey, PricingParam},
    id::{AdamId, ClientUserId, SerialNumber},
    seats::{Direction, EventId, Holder, Holders, VppUserStatus},
};
use mdm_vpp_ports::{
    AssignmentService, AssignmentsQuery, EventStatus, LicenseService, ManageAssets, ManageUsers,
    ServiceErrorKind, UserAct, UserToManage, UsersQuery,
};
use serde_json::{Value, json};

use crate::{
    harness::{Bench, CLIENT_CONFIG, SERVICE_CONFIG, TOKEN, client_config, failed, token},
    server::{Canned, Server},
};

pub(crate) fn users(ids: &[&str]) -> Holders {
    Holders::Users { client_user_ids: ids.iter().map(|id| ClientUserId::new(id).unwrap()).collect() }
}

pub(crate) fn associating(holders: Holders) -> ManageAssets {
    let asset = AssetKey { adam_id: AdamId::new(1), pricing_param: PricingParam::Standard };
    ManageAssets { direction: Direction::Associate, assets: [asset].into(), holders }
}

pub(crate) fn creating() -> ManageUsers {
    let client_user_id = ClientUserId::new("9d1e").unwrap();
    let user = UserToManage { client_user_id, email: None, managed_apple_id: None };
    ManageUsers { act: UserAct::Create, users: vec![user] }
}

pub(crate) fn accepted() -> Value {
    json!({"eventId": "0b7b6c1e", "uId": "2049025000431439"})
}

#[tokio::test]
async fn each_change_is_one_post_to_its_own_address() {
    let bench = Bench::start().await;
    for path in [
        "assets/associate",
        "assets/disassociate",
        "assets/revoke",
        "users/create",
        "users/update",
        "users/retire",
    ] {
        bench.server.on(&format!("/mdm/v2/{path}"), [Canned::json(accepted())]);
    }
    let (service, token) = (&bench.assignments, token());
    let mut order = associating(users(&["9d1e"]));
    service.manage_assets(&token, &order).await.unwrap();
    order.direction = Direction::Disassociate;
    service.manage_assets(&token, &order).await.unwrap();
    service.revoke_assets(&token, &users(&["9d1e"])).await.unwrap();
    let mut order = creating();
    for act in [UserAct::Create, UserAct::Update, UserAct::Retire] {
        order.act = act;
        let accepted = service.manage_users(&token, &order).await.unwrap();
        assert_eq!(accepted.event_id, EventId::new("0b7b6c1e").unwrap());
    }
    let asked: Vec<_> = bench.server.all_asked().split_off(1);
    assert_eq!((asked.len(), bench.client.requests_sent()), (6, 7));
    for request in asked {
        assert_eq!((request.method.as_str(), request.query.as_str()), ("POST", ""));
        assert_eq!(request.header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
        assert_eq!(request.header("content-type"), Some("application/json"));
        serde_json::from_slice::<Value>(&request.body).unwrap();
    }
}

#[tokio::test]
async fn a_page_is_asked_for_with_what_narrows_it() {
    let server = Server::start().await;
    let list = server.url("/list?region=eu");
    server.on(SERVICE_CONFIG, [Canned::json(json!({"urls": {"getAssignments": list}}))]);
    server.on("/list", [Canned::json(json!({
        "assignments": [{"adamId": "1", "serialNumber": "C02"}], "currentPageIndex": 2, "totalPages": 3, "versionId": "v2"
    }))]);
    let bench = Bench::around(server, |_| {});
    let asked = AssignmentsQuery {
        page: 2,
        since_version: Some("v 1&x".into()),
        adam_id: Some(AdamId::new(1)),
        serial_number: Some(SerialNumber::new("C02").unwrap()),
        client_user_id: None,
    };
    let page = bench.assignments.assignments(&token(), &asked).await.unwrap();
    let holder = Holder::Device { serial_number: SerialNumber::new("C02").unwrap() };
    assert_eq!(page.assignments[0].holder, holder);
    assert_eq!((page.page.next, page.page.version_id.as_deref()), (None, Some("v2")));
    let query = &bench.server.asked("/list")[0].query;
    assert_eq!(query, "region=eu&pageIndex=2&sinceVersionId=v+1%26x&adamId=1&serialNumber=C02");
}

#[tokio::test]
async fn a_page_that_is_another_or_leads_elsewhere_is_no_answer() {
    for (body, member) in [
        (json!({"assignments": [], "currentPageIndex": 1}), "currentPageIndex"),
        (json!({"assignments": [], "currentPageIndex": 0, "nextPageIndex": 0}), "nextPageIndex"),
        (json!({"assignments": [], "nextPageIndex": 2}), "nextPageIndex"),
    ] {
        let bench = Bench::start().await;
        bench.server.on("/mdm/v2/assignments", [Canned::json(body.clone())]);
        bench.server.on("/mdm/v2/users", [Canned::json(body)]);
        let read = bench.assignments.assignments(&token(), &AssignmentsQuery::default()).await;
        let users = bench.assignments.users(&token(), &UsersQuery::default()).await;
        for kind in [failed(read).kind, failed(users).kind] {
            assert!(
                matches!(kind, ServiceErrorKind::UnexpectedReply { member: named, .. } if named == member)
            );
        }
    }
}

#[tokio::test]
async fn an_event_and_users_are_read() {
    let bench = Bench::start().await;
    bench.server.on("/mdm/v2/status?eventId=0b7b6c1e", [Canned::json(json!({"eventStatus": "COMPLETE"}))]);
    let user = json!({"clientUserId": "9d1e", "status": "Associated"});
    bench.server.on("/mdm/v2/users?activeOnly=true", [Canned::json(json!({"users": [user]}))]);
    let event = bench.assignments.event(&token(), &EventId::new("0b7b6c1e").unwrap()).await.unwrap();
    assert_eq!(event.status, EventStatus::Complete);
    let asked = UsersQuery { active_only: true, ..UsersQuery::default() };
    let page = bench.assignments.users(&token(), &asked).await.unwrap();
    assert_eq!(page.users[0].status, VppUserStatus::Associated);
}

#[tokio::test]
async fn a_refusal_names_its_subjects_whatever_its_status_is() {
    for status in [200, 400] {
        let bench = Bench::start().await;
        let info = json!({"clientUserIds": ["9d1e", 7, ""], "assets": "none"});
        let refusal = json!({"errorNumber": 9609, "errorMessage": "No", "errorInfo": info});
        bench.server.on("/mdm/v2/assets/associate", [Canned::json(refusal).status(status)]);
        let error = failed(bench.assignments.manage_assets(&token(), &associating(users(&["9d1e"]))).await);
        let refusal = error.refusal().unwrap();
        assert_eq!((refusal.http_status, refusal.error.number), (status, Some(ErrorNumber(9609))));
        assert_eq!(refusal.subjects.client_user_ids.len(), 1);
        assert_eq!(refusal.subjects, error.subjects());
        assert!(refusal.subjects.adam_ids.is_empty());
    }
}

#[tokio::test]
async fn limits_are_those_of_the_service_config_and_the_documented_ones_where_it_names_none() {
    let server = Server::start().await;
    let limits =
        json!({"maxAssets": 5, "maxRequestPerSecond": 2, "maxUsers": 0, "maxRevokeSerialNumbers": "many"});
    server.on(SERVICE_CONFIG, [Canned::json(json!({"limits": limits}))]);
    let bench = Bench::around(server, |_| {});
    let limits = bench.assignments.limits().await.unwrap();
    assert_eq!(limits.pack.max_assets.get(), 5);
    assert_eq!((limits.pace.max_requests_per_second(), limits.pace.burst()), (2, 2));
    assert_eq!((limits.users, limits.revoke_serial_numbers), (100, 100));
    assert_eq!(bench.client.requests_sent(), 1);
}

#[tokio::test]
async fn a_location_that_an_answer_names_is_known_to_all_its_tokens() {
    let bench = Bench::start().await;
    bench.server.on("/mdm/v2/assets/revoke", [Canned::json(accepted())]);
    bench.server.on(CLIENT_CONFIG, [Canned::json(client_config()).header("retry-after", "9")]);
    let other = mdm_vpp_core::token::ContentToken::new("b3RoZXI=").unwrap();
    bench.assignments.revoke_assets(&other, &users(&["9d1e"])).await.unwrap();
    bench.licenses.client_config(&token()).await.unwrap();
    bench.server.forget("/mdm/v2/assets/revoke");
    bench.server.on("/mdm/v2/assets/revoke", [Canned::text(503, "").header("retry-after", "60")]);
    failed(bench.assignments.revoke_assets(&other, &users(&["9d1e"])).await);
    assert!(failed(bench.licenses.client_config(&token()).await).retry_after.is_some());
}
