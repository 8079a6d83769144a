//! The metadata lookup: which apps the store shows to a client, and how.

use mdm_vpp_simulator::demonstration::{
    DEPOT_CHECKLIST, LEDGER_DESK, PRAIRIE_WEATHER_DESK, ROUTE_SHEET, SAFE_LIFTING_AT_WORK, SHIFT_ROSTER,
    SIGNAL_NOTES,
};
use mdm_vpp_simulator::{AdamId, ArtworkStyle, IdStyle, Request, Response};
use serde_json::{Value, json};

use crate::fixture::Fixture;

const USUAL: &str = "version=2&p=mdm-lockup&caller=MDM&platform=enterprisestore&cc=de&l=en";

fn ask(fixture: &Fixture, query: &str, cookie: Option<&str>) -> Response {
    let request = Request::get(&format!("/WebObjects/MZStorePlatform.woa/wa/lookup?{query}"));
    fixture.simulator.handle(match cookie {
        Some(token) => request.itvt(token),
        None => request,
    })
}

/// The ids found with the usual parameters.
fn found(fixture: &Fixture, ids: &[AdamId], cookie: Option<&str>) -> Vec<u64> {
    let list: Vec<_> = ids.iter().map(AdamId::to_string).collect();
    let reply = ask(fixture, &format!("{USUAL}&id={}", list.join(",")), cookie).value().unwrap();
    reply["results"].as_object().unwrap().keys().map(|id| id.parse().unwrap()).collect()
}

fn item(fixture: &Fixture, id: AdamId, platform: &str) -> Value {
    let query = format!("version=2&p=mdm-lockup&platform={platform}&cc=de&id={id}");
    ask(fixture, &query, None).value().unwrap()["results"][id.to_string()].clone()
}

#[test]
fn a_reply_says_javascript_and_never_that_the_client_is_authenticated() {
    let fixture = Fixture::new();
    let reply = ask(&fixture, &format!("{USUAL}&id={ROUTE_SHEET}"), Some(&fixture.location.token_file));
    assert_eq!(reply.status, 200);
    assert!(reply.header("content-type").unwrap().starts_with("text/javascript"));
    let body = reply.value().unwrap();
    assert_eq!(body["isAuthenticated"], false);
    assert_eq!(body["meta"]["storefront"], json!({"id": "143443", "cc": "de"}));
    assert_eq!(body["results"]["9000000101"]["bundleId"], "com.example.routesheet");
}

#[test]
fn many_ids_are_asked_for_at_once_and_wrong_ones_are_simply_absent() {
    let fixture = Fixture::new();
    let ids = format!("{USUAL}&id={ROUTE_SHEET},x,,1,%20{SHIFT_ROSTER}");
    let reply = ask(&fixture, &ids, None).value().unwrap();

    assert_eq!(reply["results"].as_object().unwrap().len(), 2);
}

#[test]
fn a_misspelt_purpose_or_an_unknown_platform_gives_nothing() {
    let fixture = Fixture::new();
    for query in [
        "p=mdm-lookup&platform=enterprisestore&cc=de",
        "platform=enterprisestore&cc=de",
        "p=mdm-lockup&platform=itunes&cc=de",
        "p=mdm-lockup&cc=de",
        "",
    ] {
        let reply = ask(&fixture, &format!("{query}&id={ROUTE_SHEET}"), None).value().unwrap();
        assert_eq!(reply["results"], json!({}), "{query}");
    }
}

#[test]
fn a_custom_app_is_shown_to_its_owner_only() {
    let fixture = Fixture::new();
    let mine = fixture.location.token_file.as_str();
    let (_, theirs) = fixture.other_location();
    assert_eq!(found(&fixture, &[DEPOT_CHECKLIST], Some(mine)), [DEPOT_CHECKLIST.number()]);
    for cookie in [None, Some("garbage"), Some(theirs.file.as_str())] {
        assert_eq!(found(&fixture, &[ROUTE_SHEET, DEPOT_CHECKLIST], cookie), [ROUTE_SHEET.number()]);
    }
    let body = ask(&fixture, &format!("{USUAL}&id={DEPOT_CHECKLIST}"), Some(mine)).value().unwrap();
    assert_eq!(body["results"]["9000000105"]["isB2BCustomApp"], true);
}

#[test]
fn a_lookup_with_a_dead_token_shows_no_custom_app_and_no_error() {
    let fixture = Fixture::new();
    fixture.simulator.revoke_token(fixture.location.token).unwrap();
    let reply = ask(&fixture, &format!("{USUAL}&id={DEPOT_CHECKLIST}"), Some(&fixture.location.token_file));

    assert_eq!((reply.status, &reply.value().unwrap()["results"]), (200, &json!({})));
}

#[test]
fn an_app_no_longer_sold_is_shown_to_owners_only() {
    let fixture = Fixture::new();
    fixture.simulator.set_on_sale(ROUTE_SHEET, false).unwrap();

    assert_eq!(found(&fixture, &[ROUTE_SHEET], None), [] as [u64; 0]);
    assert_eq!(found(&fixture, &[ROUTE_SHEET], Some(&fixture.location.token_file)), [ROUTE_SHEET.number()]);
}

#[test]
fn a_store_shows_only_what_its_country_sells_even_to_owners() {
    let fixture = Fixture::new();
    let mine = Some(fixture.location.token_file.as_str());
    assert_eq!(found(&fixture, &[PRAIRIE_WEATHER_DESK], mine), [] as [u64; 0]);
    let american = USUAL.replace("cc=de", "cc=us");
    let reply = ask(&fixture, &format!("{american}&id={PRAIRIE_WEATHER_DESK}"), None).value().unwrap();
    assert_eq!(reply["results"].as_object().unwrap().len(), 1);

    fixture.simulator.put_into_storefront(PRAIRIE_WEATHER_DESK, "DE").unwrap();
    fixture.simulator.take_out_of_storefront(ROUTE_SHEET, "DE").unwrap();
    assert_eq!(found(&fixture, &[PRAIRIE_WEATHER_DESK, ROUTE_SHEET], None), [PRAIRIE_WEATHER_DESK.number()]);
}

#[test]
fn the_cookie_is_found_among_others() {
    let fixture = Fixture::new();
    let target = format!("/WebObjects/MZStorePlatform.woa/wa/lookup?{USUAL}&id={DEPOT_CHECKLIST}");
    let cookies = format!("session=1; itvt={}; other=2", fixture.location.token_file);

    let reply = fixture.simulator.handle(Request::get(&target).header("Cookie", cookies)).value().unwrap();

    assert_eq!(reply["results"].as_object().unwrap().len(), 1);
}

#[test]
fn a_universal_app_is_an_ios_app_until_the_mac_store_is_asked() {
    let fixture = Fixture::new();
    let general = item(&fixture, SIGNAL_NOTES, "enterprisestore");

    assert_eq!(general["kind"], "iosSoftware");
    assert!(general["deviceFamilies"].as_array().unwrap().contains(&json!("mac")));
    assert_ne!(item(&fixture, SIGNAL_NOTES, "macappstore")["kind"], "iosSoftware");
    assert_ne!(item(&fixture, LEDGER_DESK, "volumestore")["kind"], "iosSoftware");
    assert_eq!(item(&fixture, ROUTE_SHEET, "macappstore"), Value::Null);
}

#[test]
fn a_book_has_no_bundle_id_and_no_devices() {
    let book = item(&Fixture::new(), SAFE_LIFTING_AT_WORK, "enterprisestore");
    assert_eq!((book.get("bundleId"), book.get("deviceFamilies")), (None, None));
    assert_eq!(book["name"], "Safe Lifting at Work");
}

#[test]
fn artwork_and_ids_come_in_both_shapes_as_each_app_is_set() {
    let fixture = Fixture::new();
    assert!(item(&fixture, SHIFT_ROSTER, "enterprisestore")["artwork"].is_array());
    assert_eq!(item(&fixture, SHIFT_ROSTER, "enterprisestore")["id"], SHIFT_ROSTER.number());
    let turned =
        fixture.simulator.listing(SHIFT_ROSTER).unwrap().artwork(ArtworkStyle::Template).ids(IdStyle::Text);
    fixture.simulator.list(turned);
    assert!(
        item(&fixture, SHIFT_ROSTER, "enterprisestore")["artwork"]["url"]
            .as_str()
            .unwrap()
            .contains("{w}x{h}")
    );
    assert_eq!(item(&fixture, SHIFT_ROSTER, "enterprisestore")["id"], SHIFT_ROSTER.to_string());
}

#[test]
fn other_methods_than_get_are_refused() {
    let fixture = Fixture::new();
    let reply = fixture.simulator.handle(Request::new("POST", "/WebObjects/MZStorePlatform.woa/wa/lookup"));

    assert_eq!(reply.status, 405);
}
