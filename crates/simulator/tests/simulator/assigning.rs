//! Giving assets to devices and users, and taking them back.

use mdm_vpp_simulator::demonstration::{
    CRATE_LABEL_READER, LEDGER_DESK, ROUTE_SHEET, SAFE_LIFTING_AT_WORK, TORQUE_CALCULATOR,
};
use mdm_vpp_simulator::{AssetKey, Holder, PricingParam};
use serde_json::{Value, json};

use crate::fixture::{
    ASSIGNMENTS, ASSOCIATE, DISASSOCIATE, Fixture, RETIRE_USERS, REVOKE, to_devices, to_users, verdict,
};

#[test]
fn two_apps_for_two_devices_and_two_users_are_eight_tasks_and_eight_assignments() {
    let fixture = Fixture::new();
    fixture.create_users(&["ada", "ben"]);
    let body = json!({
        "assets": [{"adamId": "9000000101", "pricingParam": "STDQ", "availableCount": 7}, {"adamId": "9000000106"}],
        "serialNumbers": ["C02A", "C02B"], "clientUserIds": ["ada", "ben"]
    });
    let event = fixture.begin(ASSOCIATE, &body);
    let status = fixture.status(&event);
    assert_eq!(
        status,
        json!({
            "eventStatus": "COMPLETE", "eventType": "ASSOCIATE", "numRequested": 8, "numCompleted": 8,
            "tokenExpirationDate": "2028-03-01T10:00:00+0000", "uId": fixture.location.uid.as_str()
        })
    );
    let held = |app: u64| ["ada", "ben", "C02A", "C02B"].map(|holder| (app, holder.to_owned()));
    assert_eq!(fixture.assignments(""), [held(101), held(106)].concat());
    assert_eq!(fixture.seats(ROUTE_SHEET), [500, 4, 496, 0]);
    assert_eq!(fixture.seats(LEDGER_DESK), [20, 4, 16, 0]);
}

#[test]
fn giving_a_held_asset_and_taking_one_not_held_succeed_and_change_nothing() {
    let fixture = Fixture::new();
    fixture.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["C02A"]));
    let version = fixture.reply(ASSIGNMENTS)["versionId"].clone();
    let again = fixture.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["C02A"]));
    let absent = fixture.begin(DISASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["C02Z"]));
    for event in [again, absent] {
        let status = fixture.status(&event);
        assert_eq!((&status["eventStatus"], &status["numCompleted"]), (&json!("COMPLETE"), &json!(1)));
    }

    assert_eq!(fixture.seats(TORQUE_CALCULATOR), [5, 1, 4, 0]);
    assert_eq!(fixture.reply(ASSIGNMENTS)["versionId"], version, "nothing changed");
}

#[test]
fn a_pool_that_runs_empty_serves_some_and_names_the_others() {
    let fixture = Fixture::new();
    let devices = ["1", "2", "3", "4", "5", "6", "7"];
    let event = fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET, TORQUE_CALCULATOR], &devices));
    let status = fixture.status(&event);
    assert_eq!((&status["eventStatus"], &status["numCompleted"]), (&json!("FAILED"), &json!(12)));
    assert_eq!(
        status["failures"],
        json!([{
            "errorNumber": 9709, "errorMessage": "Not enough assets are available",
            "errorInfo": {
                "assets": [{"adamId": "9000000104", "pricingParam": "STDQ"}], "serialNumbers": ["6", "7"]
            }
        }])
    );
    assert_eq!(fixture.seats(TORQUE_CALCULATOR), [5, 5, 0, 0]);
    let unlimited = fixture.begin(ASSOCIATE, &to_devices(&[CRATE_LABEL_READER], &devices));
    assert_eq!(fixture.status(&unlimited)["eventStatus"], "COMPLETE");
}

#[test]
fn a_seat_given_back_can_be_given_to_another() {
    let fixture = Fixture::new();
    fixture.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["1", "2", "3", "4", "5"]));
    fixture.begin(DISASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["2"]));
    fixture.begin(ASSOCIATE, &to_devices(&[TORQUE_CALCULATOR], &["6"]));
    let mut holders: Vec<_> = fixture.assignments("").into_iter().map(|(_, holder)| holder).collect();
    holders.sort();

    assert_eq!(holders, ["1", "3", "4", "5", "6"]);
}

#[test]
fn a_book_goes_to_users_for_good_and_revoking_takes_everything_else() {
    let fixture = Fixture::new();
    fixture.create_users(&["ada"]);
    fixture.begin(ASSOCIATE, &to_users(&[SAFE_LIFTING_AT_WORK, ROUTE_SHEET, LEDGER_DESK], &["ada"]));
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["C02A"]));
    let revoked =
        fixture.begin(REVOKE, &json!({"clientUserIds": ["ada"], "serialNumbers": ["C02A", "C02B"]}));
    let status = fixture.status(&revoked);
    assert_eq!((&status["eventType"], &status["numRequested"]), (&json!("REVOKE"), &json!(3)));
    assert_eq!(fixture.assignments(""), [(107, "ada".to_owned())]);

    fixture.begin(RETIRE_USERS, &json!({"users": [{"clientUserId": "ada"}]}));
    assert_eq!(fixture.assignments(""), [(107, "ada".to_owned())], "a book stays with a retired user");
    assert_eq!(fixture.assignments("excludeInactiveUsers=true"), []);
    let row = fixture.reply(&format!("{ASSIGNMENTS}?includeUserState=true"));
    assert_eq!(row["assignments"][0]["userStatus"], "Retired");
}

#[test]
fn a_user_of_every_status_is_shown_with_it_only_when_asked_for() {
    let fixture = Fixture::new();
    fixture.create_users(&["ada", "ben"]);
    fixture.simulator.accept_invitation(&fixture.location.uid, &"ben".into(), "ben@example.org").unwrap();
    fixture.begin(ASSOCIATE, &to_users(&[ROUTE_SHEET], &["ada", "ben"]));
    let rows = |query: &str| {
        let reply = fixture.reply(&format!("{ASSIGNMENTS}?{query}"));
        reply["assignments"].as_array().unwrap().clone()
    };
    assert!(rows("").iter().all(|row| row.get("userStatus").is_none() && row.get("idHash").is_none()));
    let shown = rows("includeUserState=true");
    assert_eq!((&shown[0]["userStatus"], shown[0].get("idHash")), (&json!("Registered"), None));
    assert_eq!(shown[1]["userStatus"], "Associated");
    assert!(shown[1]["idHash"].is_string());
}

#[test]
fn both_qualities_of_a_book_are_assets_of_their_own() {
    let fixture = Fixture::new();
    fixture.create_users(&["ada"]);
    let high = AssetKey::new(SAFE_LIFTING_AT_WORK, PricingParam::HighQuality);
    fixture.simulator.buy(&fixture.location.uid, high, 1).unwrap();

    fixture.begin(
        ASSOCIATE,
        &json!({"assets": [{"adamId": "9000000107", "pricingParam": "PLUS"}], "clientUserIds": ["ada"]}),
    );

    assert_eq!(fixture.assignments("pricingParam=STDQ"), []);
    assert_eq!(fixture.assignments("adamId=9000000107&pricingParam=PLUS").len(), 1);
}

#[test]
fn each_broken_rule_has_its_number_and_the_first_broken_one_is_answered() {
    let fixture = Fixture::new();
    fixture.create_users(&["ada"]);
    fixture.simulator.change_limits(|limits| {
        limits.max_assets = Some(2);
        limits.max_client_user_ids = Some(2);
        limits.max_serial_numbers = Some(2);
        limits.max_revoke_client_user_ids = Some(1);
        limits.max_revoke_serial_numbers = Some(1);
    });
    let app = json!({"adamId": "9000000101"});
    let book = json!({"adamId": "9000000107"});
    let other = json!({"adamId": "9000000102"});
    let table: [(&str, Value, i64); 20] = [
        (ASSOCIATE, json!({}), 9718),
        (ASSOCIATE, json!({"assets": [], "serialNumbers": []}), 9718),
        (ASSOCIATE, json!({"assets": [app, app]}), 9719),
        (ASSOCIATE, json!({"assets": [app], "clientUserIds": [], "serialNumbers": null}), 9719),
        (
            ASSOCIATE,
            json!({"assets": [app, {"adamId": "9000000101", "pricingParam": "STDQ"}, other], "serialNumbers": ["1", "1"]}),
            9703,
        ),
        (ASSOCIATE, json!({"assets": [app], "clientUserIds": ["x", "x", "y"]}), 9704),
        (ASSOCIATE, json!({"assets": [app], "serialNumbers": ["1", "1", "2"]}), 9705),
        (ASSOCIATE, json!({"assets": [app, other, book], "serialNumbers": ["1"]}), 9700),
        (ASSOCIATE, json!({"assets": [{"adamId": "1"}], "clientUserIds": ["x", "y", "z"]}), 9701),
        (ASSOCIATE, json!({"assets": [{"adamId": "1"}], "serialNumbers": ["1", "2", "3"]}), 9702),
        (ASSOCIATE, json!({"assets": [{"adamId": "1"}], "clientUserIds": ["x"]}), 9602),
        (ASSOCIATE, json!({"assets": [{"adamId": "abc"}], "serialNumbers": ["1"]}), 9602),
        (ASSOCIATE, json!({"assets": [{"adamId": 9_000_000_101_i64}], "serialNumbers": ["1"]}), 9602),
        (ASSOCIATE, json!({"assets": [app], "serialNumbers": [""]}), 9602),
        (ASSOCIATE, json!({"assets": [book], "serialNumbers": ["1"], "clientUserIds": ["x"]}), 9707),
        (DISASSOCIATE, json!({"assets": [book], "clientUserIds": ["x"]}), 9706),
        (ASSOCIATE, json!({"assets": [app], "clientUserIds": ["ada", "unknown"]}), 9609),
        (REVOKE, json!({}), 9719),
        (REVOKE, json!({"clientUserIds": ["ada", "ben"]}), 9701),
        (REVOKE, json!({"serialNumbers": ["1", "2"]}), 9702),
    ];
    for (path, body, number) in table {
        assert_eq!(verdict(&fixture.post(path, &body)), (400, number), "{path} {body}");
    }

    assert!(fixture.simulator.events().iter().all(|event| event.requested == 1), "no event came of them");
    assert_eq!(fixture.assignments(""), []);
}

#[test]
fn another_product_gives_and_takes_assets_without_an_event() {
    let fixture = Fixture::new();
    let uid = &fixture.location.uid;
    let devices = || ["C02A", "C02B", "C02A"].map(Holder::device);
    assert_eq!(fixture.simulator.assign(uid, ROUTE_SHEET, devices()), Ok(2));
    assert_eq!(fixture.simulator.assign(uid, ROUTE_SHEET, devices()), Ok(0));
    assert_eq!(fixture.seats(ROUTE_SHEET), [500, 2, 498, 0]);
    assert_eq!(fixture.simulator.unassign(uid, ROUTE_SHEET, [Holder::device("C02A")]), Ok(1));
    assert_eq!(fixture.assignments(""), [(101, "C02B".to_owned())]);
    let many: Vec<_> = (0..6).map(|n| Holder::device(&n.to_string())).collect();
    assert!(fixture.simulator.assign(uid, TORQUE_CALCULATOR, many).is_err());
    assert_eq!(fixture.seats(TORQUE_CALCULATOR), [5, 0, 5, 0], "all or nothing");
}
