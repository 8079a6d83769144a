//! Users: made known, changed, retired, and what becomes of them.

use mdm_vpp_simulator::demonstration::ROUTE_SHEET;
use mdm_vpp_simulator::{ClientUserId, PortalError};
use serde_json::{Value, json};

use crate::scene::{ASSOCIATE, CREATE_USERS, RETIRE_USERS, Scene, UPDATE_USERS, USERS, to_users, verdict};

fn users(scene: &Scene, query: &str) -> Vec<Value> {
    scene.get(&format!("{USERS}?{query}")).value().unwrap()["users"].as_array().unwrap().clone()
}

fn statuses(scene: &Scene, query: &str) -> Vec<String> {
    let told = users(scene, query);
    told.iter()
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
fn failures(scene: &Scene, path: &str, fields: Value) -> Vec<i64> {
    let status = scene.status(&scene.begin(path, &one(fields)));
    let numbers = status.get("failures").and_then(Value::as_array).cloned().unwrap_or_default();
    assert_eq!(status["eventStatus"], if numbers.is_empty() { "COMPLETE" } else { "FAILED" });
    numbers.iter().map(|failure| failure["errorNumber"].as_i64().unwrap()).collect()
}

fn accept(scene: &Scene, user: &str, account: &str) -> Result<(), PortalError> {
    scene.simulator.accept_invitation(&scene.location.uid, &ClientUserId::new(user), account)
}

#[test]
fn a_user_without_an_account_is_registered_with_an_invitation_and_associated_after_accepting() {
    let scene = Scene::new();
    let event = scene.begin(CREATE_USERS, &one(json!({"clientUserId": "ada", "email": "ada@example.org"})));
    assert_eq!(scene.status(&event)["eventType"], "CREATE");
    let user = &users(&scene, "")[0];
    assert_eq!((&user["status"], &user["email"]), (&json!("Registered"), &json!("ada@example.org")));
    assert!(user["inviteCode"].is_string() && user.get("idHash").is_none());

    accept(&scene, "ada", "ada@icloud.example").unwrap();
    let user = &users(&scene, "")[0];
    assert_eq!((&user["status"], user.get("inviteCode")), (&json!("Associated"), None));
    assert!(user["idHash"].is_string());
}

#[test]
fn a_managed_account_of_the_organization_is_associated_at_once_and_a_foreign_one_refused() {
    let scene = Scene::new();
    let uid = &scene.location.uid;
    scene.simulator.add_managed_account(uid, "Ada@example.org").unwrap();
    scene.simulator.add_managed_account(uid, "school.example").unwrap();
    let create = |id: &str, account: &str| {
        failures(&scene, CREATE_USERS, json!({"clientUserId": id, "managedAppleId": account}))
    };
    assert_eq!(create("ada", "ada@Example.org"), [] as [i64; 0]);
    assert_eq!(create("ben", "ben@school.example"), [] as [i64; 0]);
    assert_eq!(create("eve", "eve@elsewhere.example"), [9635]);
    assert_eq!(create("eve", "ada@Example.org"), [9641]);
    assert_eq!(statuses(&scene, ""), ["ada Associated", "ben Associated"]);
}

#[test]
fn a_second_active_user_of_the_same_id_is_refused_in_the_event() {
    let scene = Scene::new();
    scene.create_users(&["ada"]);
    let both = json!({"users": [{"clientUserId": "ada"}, {"clientUserId": "ben"}]});
    let status = scene.status(&scene.begin(CREATE_USERS, &both));
    assert_eq!((&status["eventStatus"], &status["numCompleted"]), (&json!("FAILED"), &json!(1)));
    assert_eq!(status["failures"][0]["errorNumber"], 9716);
    assert_eq!(status["failures"][0]["errorInfo"], json!({"clientUserIds": ["ada"]}));
    assert_eq!(statuses(&scene, ""), ["ada Registered", "ben Registered"]);
}

#[test]
fn an_update_changes_the_address_or_binds_an_account() {
    let scene = Scene::new();
    scene.simulator.add_managed_account(&scene.location.uid, "example.org").unwrap();
    scene.create_users(&["ada", "ben"]);
    let update = |fields| failures(&scene, UPDATE_USERS, fields);
    assert_eq!(update(json!({"clientUserId": "ada", "email": "a@example.org"})), [] as [i64; 0]);
    assert_eq!(update(json!({"clientUserId": "ada", "managedAppleId": "ada@example.org"})), [] as [i64; 0]);
    assert_eq!(update(json!({"clientUserId": "ben", "managedAppleId": "ada@example.org"})), [9641]);
    assert_eq!(update(json!({"clientUserId": "ben", "managedAppleId": "x@elsewhere.example"})), [9635]);
    assert_eq!(statuses(&scene, ""), ["ada Associated", "ben Registered"]);
    assert_eq!(users(&scene, "clientUserId=ada")[0]["email"], "a@example.org");
}

#[test]
fn retiring_frees_the_seats_and_the_account_and_can_be_repeated() {
    let scene = Scene::new();
    scene.create_users(&["ada", "ben"]);
    accept(&scene, "ada", "ada@icloud.example").unwrap();
    assert_eq!(
        accept(&scene, "ben", "ada@icloud.example"),
        Err(PortalError::AccountTaken("ada@icloud.example".into()))
    );
    scene.begin(ASSOCIATE, &to_users(&[ROUTE_SHEET], &["ada", "ben"]));
    let retire = || failures(&scene, RETIRE_USERS, json!({"clientUserId": "ada"}));
    assert_eq!((retire(), retire()), (vec![], vec![]));
    assert_eq!(scene.assignments(""), [(101, "ben".to_owned())]);
    assert_eq!(statuses(&scene, "activeOnly=true"), ["ben Registered"]);
    assert_eq!(statuses(&scene, "retiredOnly=true"), ["ada Retired"]);
    assert_eq!(statuses(&scene, "retiredOnly=true&activeOnly=true"), [] as [String; 0]);
    accept(&scene, "ben", "ada@icloud.example").unwrap();
    assert_eq!(
        verdict(&scene.post(ASSOCIATE, &to_users(&[ROUTE_SHEET], &["ada"]))),
        (400, 9609),
        "retired is not there"
    );
}

#[test]
fn one_who_never_had_an_account_comes_back_and_one_who_had_gets_a_successor() {
    let scene = Scene::new();
    scene.create_users(&["ada", "ben"]);
    accept(&scene, "ben", "ben@icloud.example").unwrap();
    let retire = |id: &str| failures(&scene, RETIRE_USERS, json!({"clientUserId": id}));
    assert_eq!((retire("ada"), retire("ben")), (vec![], vec![]));
    scene.create_users(&["ada", "ben"]);
    assert_eq!(statuses(&scene, ""), ["ada Registered", "ben Retired", "ben Registered"]);

    accept(&scene, "ben", "ben@icloud.example").unwrap();
    assert_eq!(statuses(&scene, ""), ["ada Registered", "ben Associated", "ben Deleted"]);
    assert_eq!(statuses(&scene, "activeOnly=true&clientUserId=ben"), ["ben Associated"]);
}

#[test]
fn each_broken_rule_has_its_number_and_the_first_one_broken_is_told() {
    let scene = Scene::new();
    scene.simulator.change_limits(|limits| limits.max_users = Some(2));
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
        (UPDATE_USERS, json!({"users": [user("nobody")]}), 9609),
        (RETIRE_USERS, json!({"users": [user("nobody")]}), 9609),
    ];
    for (path, body, number) in table {
        assert_eq!(verdict(&scene.post(path, &body)), (400, number), "{path} {body}");
    }
    assert_eq!((users(&scene, "").len(), scene.simulator.events().len()), (0, 0));
}

#[test]
fn users_have_pages_and_deltas() {
    let scene = Scene::new();
    scene.simulator.change_settings(|settings| settings.page_capacity = 2.try_into().unwrap());
    let version = || scene.get(USERS).value().unwrap()["versionId"].as_str().unwrap().to_owned();
    let empty = version();
    scene.create_users(&["ada", "ben", "eve"]);
    let three = version();
    let page = scene.get(&format!("{USERS}?pageIndex=1")).value().unwrap();
    assert_eq!((&page["totalPages"], &page["size"], page.get("nextPageIndex")), (&json!(2), &json!(1), None));
    assert_eq!(verdict(&scene.get(&format!("{USERS}?pageIndex=2"))), (400, 9650));
    accept(&scene, "ben", "ben@icloud.example").unwrap();
    assert_eq!(statuses(&scene, &format!("sinceVersionId={three}")), ["ben Associated"]);
    assert_eq!(users(&scene, &format!("sinceVersionId={empty}&pageIndex=1")).len(), 1);
    assert_eq!(users(&scene, &format!("sinceVersionId={}", version())).len(), 0);
    assert_eq!(verdict(&scene.get(&format!("{USERS}?sinceVersionId=x"))), (400, 9721));
    assert_eq!(verdict(&scene.get(&format!("{USERS}?activeOnly=x"))), (400, 9602));
}
