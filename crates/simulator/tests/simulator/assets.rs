//! Assets: the filters that choose among them, and lists that are longer than a page.

use mdm_vpp_simulator::demonstration::{
    CRATE_LABEL_READER, ROUTE_SHEET, SAFE_LIFTING_AT_WORK, TORQUE_CALCULATOR,
};
use mdm_vpp_simulator::{AdamId, AssetKey, Endpoint, Fault, FaultRule, PricingParam, StoreListing};
use serde_json::{Value, json};

use crate::fixture::{ASSETS, Fixture, verdict};

fn one(fixture: &Fixture, adam_id: AdamId, and: &str) -> Value {
    fixture.reply(&format!("{ASSETS}?adamId={adam_id}{and}"))
}

#[test]
fn an_asset_tells_its_counts_as_numbers_and_its_id_as_text() {
    let fixture = Fixture::new();
    fixture.simulator.set_assigned(&fixture.location.uid, TORQUE_CALCULATOR, 2).unwrap();

    assert_eq!(
        one(&fixture, TORQUE_CALCULATOR, "")["assets"],
        json!([{
            "adamId": "9000000104", "assignedCount": 2, "availableCount": 3, "deviceAssignable": true,
            "pricingParam": "STDQ", "productType": "App", "retiredCount": 0, "revocable": true,
            "supportedPlatforms": ["iOS"], "totalCount": 5
        }])
    );
}

#[test]
fn a_book_is_never_revocable_and_never_for_devices() {
    let fixture = Fixture::new();
    let book = one(&fixture, SAFE_LIFTING_AT_WORK, "")["assets"][0].clone();

    assert_eq!(
        (&book["productType"], &book["revocable"], &book["deviceAssignable"]),
        (&json!("Book"), &json!(false), &json!(false))
    );
}

#[test]
fn filters_choose_and_all_given_ones_must_hold() {
    let fixture = Fixture::new();
    fixture.simulator.set_assigned(&fixture.location.uid, ROUTE_SHEET, 480).unwrap();
    let table: [(&str, &[u64]); 14] = [
        ("", &[101, 102, 103, 104, 105, 106, 107, 108, 109]),
        ("productType=Book", &[107]),
        ("productType=App&maxAvailableCount=20", &[101, 104, 106]),
        ("pricingParam=PLUS", &[]),
        ("revocable=false", &[107]),
        ("deviceAssignable=true&maxAvailableCount=5", &[104]),
        ("minAvailableCount=20&maxAvailableCount=30", &[101, 106, 107]),
        ("minAssignedCount=480", &[101]),
        ("minAssignedCount=481", &[]),
        ("maxAssignedCount=0&maxAvailableCount=5", &[104]),
        ("adamId=9000000106", &[106]),
        ("adamId=18446744073709551615", &[]),
        ("unlimited=true", &[109]),
        ("unlimited=false&minAvailableCount=1000", &[103]),
    ];
    for (query, expected) in table {
        assert_eq!(fixture.assets(query), expected, "{query}");
    }
}

#[test]
fn an_unlimited_asset_shows_the_largest_number_unless_it_is_asked_for_apart() {
    let fixture = Fixture::new();
    let among_others = one(&fixture, CRATE_LABEL_READER, "");
    assert_eq!(among_others["assets"][0]["totalCount"], 2_147_483_647_i64);
    assert_eq!(among_others.get("unlimitedAssets"), None);
    let apart = one(&fixture, CRATE_LABEL_READER, "&unlimited=true");
    assert_eq!(apart["assets"], json!([]));
    assert_eq!(apart["size"], 1);
    assert_eq!(apart["unlimitedAssets"][0].get("totalCount"), None);
    assert_eq!(one(&fixture, CRATE_LABEL_READER, "&unlimited=false")["size"], 0);
}

#[test]
fn an_asset_becomes_unlimited_and_then_no_filter_by_count_overflows() {
    let fixture = Fixture::new();
    fixture.simulator.make_unlimited(&fixture.location.uid, ROUTE_SHEET).unwrap();
    fixture.simulator.set_assigned(&fixture.location.uid, ROUTE_SHEET, 2_147_483_647).unwrap();
    let asset = one(&fixture, ROUTE_SHEET, "")["assets"][0].clone();

    assert_eq!((&asset["availableCount"], &asset["assignedCount"]), (&json!(0), &json!(2_147_483_647_i64)));
    assert_eq!(fixture.assets("minAssignedCount=2147483647&maxAvailableCount=-2147483648"), [] as [u64; 0]);
}

#[test]
fn a_book_can_be_owned_in_two_qualities_as_two_assets() {
    let fixture = Fixture::new();
    let high = AssetKey::new(SAFE_LIFTING_AT_WORK, PricingParam::HighQuality);

    fixture.simulator.buy(&fixture.location.uid, high, 3).unwrap();

    assert_eq!(fixture.assets("productType=Book"), [107, 107]);
    assert_eq!(one(&fixture, SAFE_LIFTING_AT_WORK, "&pricingParam=PLUS")["assets"][0]["totalCount"], 3);
}

#[test]
fn an_app_whose_developer_opted_out_has_no_licenses_for_devices() {
    let fixture = Fixture::new();
    let app = AdamId::new(9_000_000_200);
    fixture
        .simulator
        .list(StoreListing::ios_app(app, "Palette", "com.example.palette").not_device_assignable());

    fixture.simulator.buy(&fixture.location.uid, app, 1).unwrap();

    assert_eq!(fixture.assets("deviceAssignable=false"), [107, 200]);
}

#[test]
fn the_version_changes_with_the_data_and_only_then() {
    let fixture = Fixture::new();
    let version = || fixture.reply(ASSETS)["versionId"].as_str().unwrap().to_owned();
    let first = version();
    assert_eq!(version(), first);
    fixture.simulator.rename_location(&fixture.location.uid, "Hamburg 2").unwrap();
    assert_eq!(version(), first);
    fixture.simulator.buy(&fixture.location.uid, ROUTE_SHEET, 1).unwrap();
    let second = version();
    assert_ne!(second, first);
    fixture.simulator.make_unlimited(&fixture.location.uid, ROUTE_SHEET).unwrap();
    assert!(![first, second].contains(&version()));
}

/// Reads from page 0 until there is no next page.
fn full_read(fixture: &Fixture) -> Vec<String> {
    let (mut page, mut found) = (0, Vec::new());
    loop {
        let reply = fixture.reply(&format!("{ASSETS}?pageIndex={page}"));
        let assets = reply["assets"].as_array().unwrap();
        assert_eq!(reply["currentPageIndex"], page);
        assert_eq!(reply["size"], assets.len());
        found.extend(assets.iter().map(|asset| asset["adamId"].as_str().unwrap().to_owned()));
        match reply.get("nextPageIndex") {
            Some(next) => page = next.as_i64().unwrap(),
            None => return found,
        }
    }
}

#[test]
fn a_full_read_finds_every_asset_once_at_any_page_size() {
    let expected: Vec<_> = (101..=109).map(|n| format!("9000000{n}")).collect();
    for capacity in [1, 2, 3, 8, 9, 10, 500] {
        assert_eq!(full_read(&Fixture::with_pages_of(capacity)), expected, "{capacity}");
    }
}

#[test]
fn the_last_page_has_no_next_one_and_a_page_tells_its_own_size() {
    let fixture = Fixture::with_pages_of(4);
    let page = |n: i64| fixture.reply(&format!("{ASSETS}?pageIndex={n}"));

    assert_eq!((&page(1)["nextPageIndex"], &page(1)["size"]), (&json!(2), &json!(4)));
    assert_eq!((page(2).get("nextPageIndex"), &page(2)["size"]), (None, &json!(1)));
    assert_eq!(page(0)["totalPages"], 3);
}

#[test]
fn a_page_that_does_not_exist_is_9650() {
    let fixture = Fixture::with_pages_of(3);
    for page in [3_i64, 4, 2_147_483_647, -1, -2_147_483_648] {
        assert_eq!(verdict(&fixture.get(&format!("{ASSETS}?pageIndex={page}"))), (400, 9650), "{page}");
    }

    assert_eq!(verdict(&fixture.get(&format!("{ASSETS}?pageIndex=2"))), (200, 0));
}

#[test]
fn a_page_of_every_size_up_to_the_largest_number_is_possible() {
    let fixture = Fixture::with_pages_of(usize::MAX);
    assert_eq!(fixture.reply(ASSETS)["totalPages"], 1);
    assert_eq!(verdict(&fixture.get(&format!("{ASSETS}?pageIndex=1"))), (400, 9650));
}

#[test]
fn pages_are_counted_after_filtering_and_nothing_is_one_empty_page() {
    let fixture = Fixture::with_pages_of(1);
    let reply = |query: &str| fixture.reply(&format!("{ASSETS}?{query}"));
    assert_eq!(reply("productType=App")["totalPages"], 8);
    let nothing = reply("adamId=1");
    assert_eq!(
        (&nothing["totalPages"], &nothing["size"], &nothing["assets"]),
        (&json!(1), &json!(0), &json!([]))
    );
}

#[test]
fn a_purchase_between_two_pages_changes_the_version_and_the_number_of_pages() {
    let fixture = Fixture::with_pages_of(3);
    let uid = fixture.location.uid.clone();
    let app = AdamId::new(9_000_000_300);
    let hook = Fault::first(move |simulator| {
        simulator.list(StoreListing::ios_app(app, "Late Arrival", "com.example.late"));
        simulator.buy(&uid, app, 1).unwrap();
    });
    fixture.simulator.inject(FaultRule::at(Endpoint::Assets, hook).on_page(1));

    let first = fixture.reply(&format!("{ASSETS}?pageIndex=0"));
    let second = fixture.reply(&format!("{ASSETS}?pageIndex=1"));

    assert_eq!((&first["totalPages"], &second["totalPages"]), (&json!(3), &json!(4)));
    assert_ne!(first["versionId"], second["versionId"]);
    assert_eq!(fixture.simulator.waiting_faults(), 0);
}
