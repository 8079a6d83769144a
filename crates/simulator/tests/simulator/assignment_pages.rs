//! Assignments page by page, filtered, and since a version.

use mdm_vpp_simulator::demonstration::{CRATE_LABEL_READER, LEDGER_DESK, ROUTE_SHEET};
use mdm_vpp_simulator::{Endpoint, Fault, FaultRule, Holder, RemovedInDeltas};
use serde_json::json;

use crate::fixture::{ASSIGNMENTS, ASSOCIATE, DISASSOCIATE, Fixture, to_devices, to_users, verdict};

fn version(fixture: &Fixture) -> String {
    fixture.reply(ASSIGNMENTS)["versionId"].as_str().unwrap().to_owned()
}

#[test]
fn a_full_read_finds_every_assignment_once_at_any_page_size() {
    for capacity in [1, 2, 3, 5, 6, 7, 500] {
        let fixture = Fixture::with_pages_of(capacity);
        fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET, LEDGER_DESK], &["A", "B", "C"]));
        let (mut page, mut found) = (0, Vec::new());
        loop {
            let reply = fixture.reply(&format!("{ASSIGNMENTS}?pageIndex={page}"));
            let rows = fixture.assignments(&format!("pageIndex={page}"));
            assert_eq!((&reply["currentPageIndex"], &reply["size"]), (&json!(page), &json!(rows.len())));
            found.extend(rows.into_iter().map(|(app, holder)| format!("{app}{holder}")));
            match reply.get("nextPageIndex") {
                Some(next) => page = next.as_i64().unwrap(),
                None => break,
            }
        }
        assert_eq!(found, ["101A", "101B", "101C", "106A", "106B", "106C"], "{capacity}");
        assert_eq!(
            verdict(&fixture.get(&format!("{ASSIGNMENTS}?pageIndex={}", page + 1))),
            (400, 9650),
            "{capacity}"
        );
    }
}

#[test]
fn filters_choose_and_an_asset_without_holders_is_an_empty_page() {
    let fixture = Fixture::new();
    fixture.create_users(&["C02A"]);
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET, LEDGER_DESK], &["C02A", "C02B"]));
    fixture.begin(ASSOCIATE, &to_users(&[ROUTE_SHEET], &["C02A"]));
    let table: [(&str, &[u64]); 9] = [
        ("adamId=9000000106", &[106, 106]),
        ("serialNumber=C02A", &[101, 106]),
        ("clientUserId=C02A", &[101]),
        ("adamId=9000000101&serialNumber=C02B", &[101]),
        ("serialNumber=C02A&clientUserId=C02A", &[]),
        ("serialNumber=unknown", &[]),
        ("adamId=1", &[]),
        ("pricingParam=PLUS", &[]),
        ("excludeInactiveUsers=true&clientUserId=C02A", &[101]),
    ];
    for (query, expected) in table {
        let apps: Vec<_> = fixture.assignments(query).into_iter().map(|(app, _)| app).collect();
        assert_eq!(apps, expected, "{query}");
    }
    for query in ["pageIndex=x", "adamId=x", "pricingParam=x", "includeUserState=1", "excludeInactiveUsers="]
    {
        assert_eq!(verdict(&fixture.get(&format!("{ASSIGNMENTS}?{query}"))), (400, 9602), "{query}");
    }
}

#[test]
fn a_delta_shows_what_was_touched_and_is_there_and_one_without_changes_is_empty() {
    let fixture = Fixture::new();
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B", "C"]));
    let first = version(&fixture);
    let since = |version: &str| fixture.assignments(&format!("sinceVersionId={version}"));
    assert_eq!(since(&first), []);
    fixture.begin(DISASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET, LEDGER_DESK], &["D", "B"]));
    assert_eq!(since(&first), [(101, "D".into()), (106, "B".into()), (106, "D".into())]);
    assert_eq!(
        fixture.assignments(&format!("sinceVersionId={first}&adamId=9000000106&serialNumber=B")).len(),
        1
    );

    let listed = RemovedInDeltas::Listed;
    fixture.simulator.change_settings(|settings| settings.removed_in_deltas = listed);
    assert!(since(&first).contains(&(101, "A".into())), "if the option says so, also what is gone");
    assert_eq!(since(&version(&fixture)), []);
}

#[test]
fn a_delta_has_pages_too() {
    let fixture = Fixture::with_pages_of(2);
    let first = version(&fixture);
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B", "C"]));
    let page = |n: i64| fixture.assignments(&format!("sinceVersionId={first}&pageIndex={n}")).len();

    assert_eq!((page(0), page(1)), (2, 1));
    assert_eq!(
        verdict(&fixture.get(&format!("{ASSIGNMENTS}?sinceVersionId={first}&pageIndex=2"))),
        (400, 9650)
    );
}

#[test]
fn a_version_that_the_list_does_not_know_is_9721() {
    let fixture = Fixture::new();
    let of_assignments = version(&fixture);
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A"]));
    let of_assets = fixture.reply("/mdm/v2/users")["versionId"].as_str().unwrap().to_owned();
    let (_, token) = fixture.other_location();
    let ask = |token: &str, version: &str| {
        verdict(&fixture.get_with(&format!("{ASSIGNMENTS}?sinceVersionId={version}"), token))
    };
    let mine = &fixture.location.token_file;
    for unknown in ["", "x", "658a45d0-5a7b-11eb-b9e4-d782eaed4cfb", of_assets.as_str()] {
        assert_eq!(ask(mine, unknown), (400, 9721), "{unknown}");
    }
    assert_eq!(ask(&token.file, &of_assignments), (400, 9721), "a version of another location");
    assert_eq!(ask(mine, &of_assignments), (200, 0));
    fixture.simulator.forget_versions(&fixture.location.uid).unwrap();
    assert_eq!(ask(mine, &of_assignments), (400, 9721), "it was forgotten");
}

#[test]
fn changes_beyond_those_remembered_make_older_versions_unknown() {
    let fixture = Fixture::new();
    fixture.simulator.change_settings(|settings| settings.changes_kept = 2);
    let first = version(&fixture);
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B"]));
    let second = version(&fixture);
    let ask = |version: &str| verdict(&fixture.get(&format!("{ASSIGNMENTS}?sinceVersionId={version}"))).1;
    assert_eq!(ask(&first), 0);
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["C"]));
    assert_eq!((ask(&first), ask(&second)), (9721, 0));
}

#[test]
fn assignments_change_between_two_pages_and_the_version_and_the_number_of_pages_with_them() {
    let fixture = Fixture::with_pages_of(2);
    fixture.begin(ASSOCIATE, &to_devices(&[ROUTE_SHEET], &["A", "B", "C", "D"]));
    let uid = fixture.location.uid.clone();
    let hook = Fault::first(move |simulator| {
        simulator.unassign(&uid, ROUTE_SHEET, [Holder::device("A"), Holder::device("B")]).unwrap();
    });
    fixture.simulator.inject(FaultRule::at(Endpoint::Assignments, hook).on_page(1));
    let first = fixture.reply(&format!("{ASSIGNMENTS}?pageIndex=0"));
    assert_eq!(first["totalPages"], 2);
    assert_eq!(verdict(&fixture.get(&format!("{ASSIGNMENTS}?pageIndex=1"))), (400, 9650));
    let again = fixture.reply(ASSIGNMENTS);
    assert_eq!(again["totalPages"], 1);
    assert_ne!(first["versionId"], again["versionId"]);
}

#[test]
fn a_million_assignments_are_made_and_read_without_waiting() {
    let fixture = Fixture::new();
    let uid = &fixture.location.uid;
    for (app, kind) in [(ROUTE_SHEET, "R"), (CRATE_LABEL_READER, "C")] {
        fixture.simulator.make_unlimited(uid, app).unwrap();
        let holders = (0..500_000).map(|n| Holder::device(&format!("{kind}{n:08}")));
        assert_eq!(fixture.simulator.assign(uid, app, holders), Ok(500_000));
    }
    let last = fixture.reply(&format!("{ASSIGNMENTS}?pageIndex=1999"));
    assert_eq!((&last["totalPages"], last.get("nextPageIndex")), (&json!(2000), None));
    // Were each page as dear as the whole list, this would take minutes.
    for page in (0..2000).step_by(10) {
        assert_eq!(fixture.get(&format!("{ASSIGNMENTS}?pageIndex={page}")).status, 200);
    }
    assert_eq!(fixture.assignments("serialNumber=C00499999").len(), 1);
}
