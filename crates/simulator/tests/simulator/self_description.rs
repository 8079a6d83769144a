//! What the simulator says of itself: service config, the demonstration location, and the table of differences.

use mdm_vpp_simulator::{BaseUrl, DIFFERENCES, Endpoint, Request, Simulator, coverage};
use serde_json::{Value, json};

use crate::fixture::{ASSETS, Fixture, morning};

fn config(fixture: &Fixture) -> Value {
    let reply = fixture.simulator.handle(Request::get("/mdm/v2/service/config"));
    assert_eq!(reply.status, 200);
    reply.value().unwrap()
}

#[test]
fn service_config_is_read_without_a_token_and_names_no_location() {
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

#[test]
fn the_same_moment_gives_the_same_location_the_same_token_and_the_same_replies() {
    let (one, other) = (Fixture::new(), Fixture::new());
    assert_eq!(one.location.token_file, other.location.token_file);
    assert_eq!(one.get(ASSETS).body, other.get(ASSETS).body);
}

#[test]
fn its_token_file_is_one_line_of_base64() {
    let file = Fixture::new().location.token_file;
    assert!(file.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c)), "{file}");
    assert_eq!(file.len() % 4, 0);
}

#[test]
fn its_seats_are_as_documented() {
    let reply = Fixture::new().get(ASSETS).value().unwrap();
    let totals: Vec<_> = reply["assets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|asset| asset["totalCount"].as_i64().unwrap())
        .collect();

    assert_eq!(totals, [500, 250, 1000, 5, 50, 20, 30, 40, 2_147_483_647]);
}

#[test]
fn no_debug_output_shows_its_token() {
    let (simulator, location) = Simulator::demonstration(morning());
    let renewed = simulator.renew_token(&location.uid).unwrap();
    let printed = format!("{simulator:?} {location:?} {renewed:?}");

    assert!(printed.contains("(secret)"));
    assert!(!printed.contains(&location.token_file) && !printed.contains(&renewed.file));
}

#[test]
fn the_table_lists_every_endpoint_and_each_is_answered() {
    let fixture = Fixture::new();
    let text = coverage();
    for endpoint in Endpoint::ALL {
        let path = endpoint.path();
        let listed = text.lines().any(|line| {
            let words: Vec<_> = line.split_whitespace().collect();
            words.contains(&endpoint.method()) && words.contains(&path)
        });
        let request = Request::new(endpoint.method(), path).bearer(&fixture.location.token_file);
        let status = fixture.simulator.handle(request).status;
        assert!(listed && matches!(status, 200 | 400 | 415), "{endpoint:?} {status}");
    }
}

#[test]
fn every_difference_is_a_sentence_and_stands_in_the_text() {
    let text = coverage();
    assert!(DIFFERENCES.iter().all(|difference| difference.ends_with('.') && text.contains(difference)));
    assert!(DIFFERENCES.len() > 20);
}
