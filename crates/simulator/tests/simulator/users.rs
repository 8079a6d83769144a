//! Users: created, changed, retired, and what becomes of their accounts and licenses.

use mdm_vpp_simulator::demonstration::ROUTE_SHEET;
use mdm_vpp_simulator::{ClientUserId, PortalError};
use serde_json::{Value, json};

use crate::fixture::{
    ASSOCIATE, CREATE_USERS, Fixture, RETIRE_USERS, UPDATE_USERS, USERS, to_users, verdict,
};

fn users(fixture: &Fixture, query: &str) -> Vec<Value> {
    fixture.reply(&format!("{USERS}?{query}"))["users"].as_array().unwrap().clone()
}

fn statuses(fixture: &Fixture, query: &str) -> Vec<String> {
    users(fixture, query)
        .iter()
        .map(|user| {
            format!("{} {}", user["clientUserId"].as_str().unwrap(), user["status"].as_str().unwrap())
        })
        .collect()
}

fn one(fields: Value) -> Value {
    let mut body = json!({});
    body["users"] = Value::Array(vec![fields]);
    body
}

/// The numbers of the failures of an event.
fn failures(fixture: &Fixture, path: &str, fields: Value) -> Vec<i64> {
    let status = fixture.status(&fixture.begin(path, &one(fields)));
    let numbers = status.get("failures").and_then(Value::as_array).cloned().unwrap_or_default();
    assert_eq!(status["eventStatus"], if numbers.is_empty() { "COMPLETE" } else { "FAILED" });
    numbers.iter().map(|failure| failure["errorNumber"].as_i64().unwrap()).collect()
}

fn accept(fixture: &Fixture, user: &str, account: &str) -> Result<(), PortalError> {
    fixture.simulator.accept_invitation(&fixture.location.uid, &ClientUserId::new(user), account)
}

#[test]
fn a_user_without_an_account_is_registered_with_an_invitation_and_associated_after_accepting() {
    let fixture = Fixture::new();
    let event = fixture.begin(CREATE_USERS, &one(json!({"clientUserId": "ada", "email": "ada@example.org"})));
    assert_eq!(fixture.status(&event)["eventType"], "CREATE");
    let user = &users(&fixture, "")[0];
    assert_eq!((&user["status"], &user["email"]), (&json!("Registered"), &json!("ada@example.org")));
    assert!(user["inviteCode"].is_string() && user.get("idHash").is_none());

    accept(&fixture, "ada", "ada@icloud.example").unwrap();
    let user = &users(&fixture, "")[0];
    assert_eq!((&user["status"], user.get("inviteCode")), (&json!("Associated"), None));
    assert!(user["idHash"].is_string());
}

#[test]
fn a_managed_account_of_the_organization_is_associated_at_once_and_a_foreign_one_refused() {
    let fixture = Fixture::new();
    let uid = &fixture.location.uid;
    fixture.simulator.add_managed_account(uid, "Ada@example.org").unwrap();
    fixture.simulator.add_managed_account(uid, "school.example").unwrap();
    let create = |id: &str, account: &str| {
        failures(&fixture, CREATE_USERS, json!({"clientUserId": id, "managedAppleId": account}))
    };

    assert_eq!(create("ada", "ada@Example.org"), [] as [i64; 0]);
    assert_eq!(create("ben", "ben@school.example"), [] as [i64; 0]);
    assert_eq!(create("eve", "eve@elsewhere.example"), [9635]);
    assert_eq!(create("eve", "ada@Example.org"), [9641]);
    assert_eq!(statuses(&fixture, ""), ["ada Associated", "ben Associated"]);
}

#[test]
fn a_second_active_user_of_the_same_id_is_refused_in_the_event() {
    let fixture = Fixture::new();
    fixture.create_users(&["ada"]);
    let both = json!({"users": [{"clientUserId": "ada"}, {"clientUserId": "ben"}]});

    let status = fixture.status(&fixture.begin(CREATE_USERS, &both));

    assert_eq!((&status["eventStatus"], &status["numCompleted"]), (&json!("FAILED"), &json!(1)));
    assert_eq!(status["failures"][0]["errorNumber"], 9716);
    assert_eq!(status["failures"][0]["errorInfo"], json!({"clientUserIds": ["ada"]}));
    assert_eq!(statuses(&fixture, ""), ["ada Registered", "ben Registered"]);
}

#[test]
fn an_update_changes_the_address_or_binds_an_account() {
    let fixture = Fixture::new();
    fixture.simulator.add_managed_account(&fixture.location.uid, "example.org").unwrap();
    fixture.create_users(&["ada", "ben"]);
    let update = |fields| failures(&fixture, UPDATE_USERS, fields);

    assert_eq!(update(json!({"clientUserId": "ada", "email": "a@example.org"})), [] as [i64; 0]);
    assert_eq!(update(json!({"clientUserId": "ada", "managedAppleId": "ada@example.org"})), [] as [i64; 0]);
    assert_eq!(update(json!({"clientUserId": "ben", "managedAppleId": "ada@example.org"})), [9641]);
    assert_eq!(update(json!({"clientUserId": "ben", "managedAppleId": "x@elsewhere.example"})), [9635]);
    assert_eq!(statuses(&fixture, ""), ["ada Associated", "ben Registered"]);
    assert_eq!(users(&fixture, "clientUserId=ada")[0]["email"], "a@example.org");
}

#[test]
fn retiring_frees_the_seats_and_the_account_and_can_be_repeated() {
    let fixture = Fixture::new();
    fixture.create_users(&["ada", "ben"]);
    accept(&fixture, "ada", "ada@icloud.example").unwrap();
    assert_eq!(
        accept(&fixture, "ben", "ada@icloud.example"),
        Err(PortalError::AccountTaken("ada@icloud.example".into()))
    );
    fixture.begin(ASSOCIATE, &to_users(&[ROUTE_SHEET], &["ada", "ben"]));
    let retire = || failures(&fixture, RETIRE_USERS, json!({"clientUserId": "ada"}));
    assert_eq!((retire(), retire()), (vec![], vec![]));
    assert_eq!(fixture.assignments(""), [(101, "ben".to_owned())]);
    assert_eq!(statuses(&fixture, "activeOnly=true"), ["ben Registered"]);
    assert_eq!(statuses(&fixture, "retiredOnly=true"), ["ada Retired"]);
    assert_eq!(statuses(&fixture, "retiredOnly=true&activeOnly=true"), [] as [String; 0]);
    accept(&fixture, "ben", "ada@icloud.example").unwrap();
    assert_eq!(
        verdict(&fixture.post(ASSOCIATE, &to_users(&[ROUTE_SHEET], &["ada"]))),
        (400, 9609),
        "retired is not there"
    );
}

#[test]
fn a_user_without_an_account_comes_back_and_one_with_an_account_gets_a_successor() {
    let fixture = Fixture::new();
    fixture.create_users(&["ada", "ben"]);
    accept(&fixture, "ben", "ben@icloud.example").unwrap();
    let retire = |id: &str| failures(&fixture, RETIRE_USERS, json!({"clientUserId": id}));
    assert_eq!((retire("ada"), retire("ben")), (vec![], vec![]));
    fixture.create_users(&["ada", "ben"]);
    assert_eq!(statuses(&fixture, ""), ["ada Registered", "ben Retired", "ben Registered"]);

    accept(&fixture, "ben", "ben@icloud.example").unwrap();
    assert_eq!(statuses(&fixture, ""), ["ada Registered", "ben Associated", "ben Deleted"]);
    assert_eq!(statuses(&fixture, "activeOnly=true&clientUserId=ben"), ["ben Associated"]);
}

#[test]
fn each_broken_rule_has_its_number_and_the_first_broken_one_is_answered() {
    let fixture = Fixture::new();
    fixture.simulator.change_limits(|limits| limits.max_users = Some(2));
    let user = |id: &str| json!({"clientUserId": id});
    let table = [
        (CREATE_USERS, json!({}), 9720),
        (CREATE_USERS, json!({"users": []}), 9720),
        (CREATE_USERS, json!({"users": [user("a"), user("a"), user("b")]}), 9715),
        (CREATE_USERS, json!({"users": [user("a"), user("b"), {"clientUserId": "c", "email": "x"}]}), 9714),
        (CREATE_USERS, json!({"users": [{"clientUserId": "c", "email": "no address"}]}), 9717),
        (CREATE_USERS, json!({"users": [{"email": "c@example.org"}]}), 9602),
        (CREATE_USERS, json!({"users": [user("")]}), 9602),
        (CREATE_USERS, json!({"users": [{"clientUserId": 7}]}), 9602),
        (UPDATE_USERS, json!({"users": [user("unknown")]}), 9609),
        (RETIRE_USERS, json!({"users": [user("unknown")]}), 9609),
    ];
    for (path, body, number) in table {
        assert_eq!(verdict(&fixture.post(path, &body)), (400, number), "{path} {body}");
    }

    assert_eq!((users(&fixture, "").len(), fixture.simulator.events().len()), (0, 0));
}

#[test]
fn users_have_pages_and_deltas() {
    let fixture = Fixture::new();
    fixture.simulator.change_settings(|settings| settings.page_capacity = 2.try_into().unwrap());
    let version = || fixture.reply(USERS)["versionId"].as_str().unwrap().to_owned();
    let empty = version();
    fixture.create_users(&["ada", "ben", "eve"]);
    let three = version();
    let page = fixture.reply(&format!("{USERS}?pageIndex=1"));
    assert_eq!((&page["totalPages"], &page["size"], page.get("nextPageIndex")), (&json!(2), &json!(1), None));
    assert_eq!(verdict(&fixture.get(&format!("{USERS}?pageIndex=2"))), (400, 9650));
    accept(&fixture, "ben", "ben@icloud.example").unwrap();
    assert_eq!(statuses(&fixture, &format!("sinceVersionId={three}")), ["ben Associated"]);
    assert_eq!(users(&fixture, &format!("sinceVersionId={empty}&pageIndex=1")).len(), 1);
    assert_eq!(users(&fixture, &format!("sinceVersionId={}", version())).len(), 0);
    assert_eq!(verdict(&fixture.get(&format!("{USERS}?sinceVersionId=x"))), (400, 9721));
    assert_eq!(verdict(&fixture.get(&format!("{USERS}?activeOnly=x"))), (400, 9602));
}
