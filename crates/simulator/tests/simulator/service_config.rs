//! Service config tells everybody limits, URLs, kinds and errors.

use mdm_vpp_simulator::{BaseUrl, Request};
use serde_json::{Value, json};

use crate::fixture::Fixture;

fn config(fixture: &Fixture) -> Value {
    let reply = fixture.simulator.handle(Request::get("/mdm/v2/service/config"));
    assert_eq!(reply.status, 200);
    reply.value().unwrap()
}

#[test]
fn anybody_may_read_it_without_a_token_and_it_names_no_location() {
    let config = config(&Fixture::new());
    assert_eq!(config.get("uId"), None);
    assert_eq!(config["limits"]["maxAssets"], 25);
    assert_eq!(config["limits"]["maxRequestPerSecond"], 15);
    assert!(config["notificationTypes"].as_array().unwrap().contains(&json!("ASSET_COUNT")));
    let numbers: Vec<_> =
        config["errorCodes"].as_array().unwrap().iter().map(|code| code["errorNumber"].clone()).collect();
    assert!(numbers.contains(&json!(9709)) && numbers.contains(&json!(9818)), "{numbers:?}");
}

#[test]
fn all_urls_of_the_second_api_are_there_and_the_lookup_lies_outside_it() {
    let fixture = Fixture::new();
    let advertised = BaseUrl::parse("https://apps.example.org:8443/mdm/v2/").unwrap();
    fixture.simulator.change_settings(|settings| settings.advertised = Some(advertised));
    let urls = config(&fixture)["urls"].clone();
    let names: Vec<_> = urls.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "associateAssets",
        "clientConfig",
        "contentMetadataLookup",
        "createUsers",
        "disassociateAssets",
        "eventStatus",
        "getAssets",
        "getAssignments",
        "getUsers",
        "invitationEmail",
        "retireUsers",
        "revokeAssets",
        "updateUsers",
    ];
    assert_eq!(names, expected);
    assert_eq!(urls["getAssets"], "https://apps.example.org:8443/mdm/v2/assets");
    assert_eq!(
        urls["contentMetadataLookup"],
        "https://apps.example.org:8443/WebObjects/MZStorePlatform.woa/wa/lookup"
    );
}

#[test]
fn a_limit_changed_at_run_time_is_told_at_once_and_one_taken_away_is_not_told() {
    let fixture = Fixture::new();
    fixture.simulator.change_limits(|limits| {
        limits.max_assets = Some(3);
        limits.max_requests_per_second = None;
    });
    let limits = config(&fixture)["limits"].clone();
    assert_eq!(limits["maxAssets"], 3);
    assert_eq!(limits.get("maxRequestPerSecond"), None);
}
