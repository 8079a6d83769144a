//! Lists that are longer than a page.

use std::num::NonZeroUsize;

use mdm_vpp_simulator::{AdamId, Endpoint, Fault, FaultRule, StoreListing};
use serde_json::json;

use crate::fixture::{ASSETS, Fixture, verdict};

fn with_pages_of(n: usize) -> Fixture {
    let fixture = Fixture::new();
    fixture.simulator.change_settings(|settings| settings.page_capacity = NonZeroUsize::new(n).unwrap());
    fixture
}

/// Walks from page 0 for as long as there is a next page.
fn walk(fixture: &Fixture) -> Vec<String> {
    let (mut page, mut found) = (0, Vec::new());
    loop {
        let reply = fixture.get(&format!("{ASSETS}?pageIndex={page}")).value().unwrap();
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
fn a_walk_finds_every_asset_once_whatever_the_page_size() {
    let expected: Vec<_> = (101..=109).map(|n| format!("9000000{n}")).collect();
    for capacity in [1, 2, 3, 8, 9, 10, 500] {
        assert_eq!(walk(&with_pages_of(capacity)), expected, "{capacity}");
    }
}

#[test]
fn the_last_page_has_no_next_one_and_a_page_tells_its_own_size() {
    let fixture = with_pages_of(4);
    let page = |n: i64| fixture.get(&format!("{ASSETS}?pageIndex={n}")).value().unwrap();
    assert_eq!((&page(1)["nextPageIndex"], &page(1)["size"]), (&json!(2), &json!(4)));
    assert_eq!((page(2).get("nextPageIndex"), &page(2)["size"]), (None, &json!(1)));
    assert_eq!(page(0)["totalPages"], 3);
}

#[test]
fn a_page_that_does_not_exist_is_9650() {
    let fixture = with_pages_of(3);
    for page in [3_i64, 4, 2_147_483_647, -1, -2_147_483_648] {
        assert_eq!(verdict(&fixture.get(&format!("{ASSETS}?pageIndex={page}"))), (400, 9650), "{page}");
    }
    assert_eq!(verdict(&fixture.get(&format!("{ASSETS}?pageIndex=2"))), (200, 0));
}

#[test]
fn a_page_of_every_size_up_to_the_largest_number_is_possible() {
    let fixture = with_pages_of(usize::MAX);
    assert_eq!(fixture.get(ASSETS).value().unwrap()["totalPages"], 1);
    assert_eq!(verdict(&fixture.get(&format!("{ASSETS}?pageIndex=1"))), (400, 9650));
}

#[test]
fn pages_are_counted_after_filtering_and_nothing_is_one_empty_page() {
    let fixture = with_pages_of(1);
    let reply = |query: &str| fixture.get(&format!("{ASSETS}?{query}")).value().unwrap();
    assert_eq!(reply("productType=App")["totalPages"], 8);
    let nothing = reply("adamId=1");
    assert_eq!(
        (&nothing["totalPages"], &nothing["size"], &nothing["assets"]),
        (&json!(1), &json!(0), &json!([]))
    );
}

#[test]
fn somebody_buys_between_two_pages_and_the_version_and_the_number_of_pages_change() {
    let fixture = with_pages_of(3);
    let uid = fixture.location.uid.clone();
    let app = AdamId::new(9_000_000_300);
    let hook = Fault::first(move |simulator| {
        simulator.list(StoreListing::ios_app(app, "Late Arrival", "com.example.late"));
        simulator.buy(&uid, app, 1).unwrap();
    });
    fixture.simulator.inject(FaultRule::at(Endpoint::Assets, hook).on_page(1));

    let first = fixture.get(&format!("{ASSETS}?pageIndex=0")).value().unwrap();
    let second = fixture.get(&format!("{ASSETS}?pageIndex=1")).value().unwrap();

    assert_eq!((&first["totalPages"], &second["totalPages"]), (&json!(3), &json!(4)));
    assert_ne!(first["versionId"], second["versionId"]);
    assert_eq!(fixture.simulator.waiting_faults(), 0);
}
