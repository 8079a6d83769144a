//! Client config: the location of a token, its claim, and where its notifications go.

use mdm_vpp_simulator::{Claim, NewLocation, Platform, TokenDownload};
use serde_json::{Value, json};

use crate::fixture::{ASSETS, CLIENT_CONFIG, Fixture, verdict};

fn ours() -> Value {
    json!({"id": "7d3f", "name": "Example MDM", "metadata": "mdm.example.org"})
}

#[test]
fn client_config_describes_the_location() {
    let fixture = Fixture::new();
    assert_eq!(
        fixture.reply(CLIENT_CONFIG),
        json!({
            "countryISO2ACode": "DE",
            "defaultPlatform": "enterprisestore",
            "locationName": "Musterwerk Hamburg",
            "subscribedNotificationTypes": [],
            "tokenExpirationDate": "2028-03-01T10:00:00+0000",
            "uId": fixture.location.uid.as_str(),
            "websiteURL": "https://business.apple.com"
        })
    );
}

#[test]
fn a_school_has_another_platform_and_another_portal() {
    let fixture = Fixture::new();
    let school = NewLocation::new("Elm Street", "Example District", "US").on(Platform::School);
    let uid = fixture.simulator.create_location(school);
    let token = fixture.simulator.download_token(&uid, TokenDownload::usual()).unwrap();

    let config = fixture.get_with(CLIENT_CONFIG, &token.file).value().unwrap();

    assert_eq!(config["defaultPlatform"], "volumestore");
    assert_eq!(config["websiteURL"], "https://school.apple.com");
    assert_ne!(config["uId"], fixture.location.uid.as_str());
}

#[test]
fn a_claim_belongs_to_the_location_so_every_token_shows_it_in_every_reply() {
    let fixture = Fixture::new();
    let other_token = fixture.simulator.renew_token(&fixture.location.uid).unwrap();
    assert_eq!(fixture.post(CLIENT_CONFIG, &json!({"mdmInfo": ours()})).value().unwrap()["mdmInfo"], ours());
    assert_eq!(fixture.get_with(ASSETS, &other_token.file).value().unwrap()["mdmInfo"], ours());
    let refused = fixture.reply(&format!("{ASSETS}?pageIndex=7"));
    assert_eq!((&refused["errorNumber"], &refused["mdmInfo"]), (&json!(9650), &ours()));
}

#[test]
fn the_last_writer_of_a_claim_wins_and_the_portal_can_remove_it() {
    let fixture = Fixture::new();
    fixture.post(CLIENT_CONFIG, &json!({"mdmInfo": ours()}));
    fixture.simulator.claim_by_other(&fixture.location.uid, Claim::new("x", "Other MDM", "")).unwrap();
    assert_eq!(fixture.reply(ASSETS)["mdmInfo"]["name"], "Other MDM");
    fixture.post(CLIENT_CONFIG, &json!({"mdmInfo": ours()}));
    assert_eq!(fixture.simulator.claim(&fixture.location.uid).unwrap().unwrap().name, "Example MDM");
    fixture.simulator.remove_claim(&fixture.location.uid).unwrap();
    assert_eq!(fixture.reply(ASSETS).get("mdmInfo"), None);
}

#[test]
fn notification_settings_are_stored_and_echoed_and_the_kinds_are_replaced_as_a_whole() {
    let fixture = Fixture::new();
    let first = json!({
        "notificationUrl": "https://mdm.example.org/aab/7d3f", "notificationAuthToken": "k3y",
        "notificationTypes": ["ASSET_MANAGEMENT", "ASSET_COUNT"]
    });
    fixture.post(CLIENT_CONFIG, &first);
    let reply =
        fixture.post(CLIENT_CONFIG, &json!({"notificationTypes": ["USER_ASSOCIATED"]})).value().unwrap();
    assert_eq!(reply["notificationUrl"], "https://mdm.example.org/aab/7d3f");
    assert_eq!(reply["notificationAuthToken"], "k3y");
    assert_eq!(reply["subscribedNotificationTypes"], json!(["USER_ASSOCIATED"]));
    let kept = fixture.simulator.notification_settings(&fixture.location.uid).unwrap();
    assert_eq!(kept.auth_token.as_deref(), Some("k3y"));
    assert!(!format!("{kept:?}").contains("k3y"));
}

#[test]
fn null_means_absent_and_an_empty_request_changes_nothing() {
    let fixture = Fixture::new();
    fixture.post(CLIENT_CONFIG, &json!({"mdmInfo": ours()}));
    let before = fixture.reply(CLIENT_CONFIG);
    let nulls = json!({"mdmInfo": null, "notificationUrl": null, "notificationTypes": null, "unknown": 1});

    assert_eq!(fixture.post(CLIENT_CONFIG, &nulls).value().unwrap(), before);
}

#[test]
fn each_broken_rule_has_its_number() {
    let long = |n: usize| "x".repeat(n);
    let url = "https://mdm.example.org/aab";
    let claim = |id: String, name: String, metadata: String| json!({"mdmInfo": {"id": id, "name": name, "metadata": metadata}});
    let table = [
        (json!({"mdmInfo": {"id": "1", "name": "n"}}), 9723),
        (json!({"mdmInfo": {"id": "1", "name": null, "metadata": ""}}), 9723),
        (claim(long(101), long(100), long(255)), 9724),
        (claim(long(100), long(101), long(255)), 9725),
        (claim(long(100), long(100), long(256)), 9713),
        (claim("ä".repeat(100), "ä".repeat(100), "ä".repeat(255)), 0),
        (json!({"notificationUrl": url}), 9710),
        (json!({"notificationAuthToken": "k"}), 9710),
        (json!({"notificationUrl": url, "notificationAuthToken": long(513)}), 9711),
        (json!({"notificationUrl": format!("{url}{}", long(512)), "notificationAuthToken": "k"}), 9711),
        (json!({"notificationUrl": "http://mdm.example.org", "notificationAuthToken": "k"}), 9712),
        (json!({"notificationUrl": format!("{url}?a=b"), "notificationAuthToken": "k"}), 9712),
        (json!({"notificationTypes": ["ASSET_COUNT", "NO_SUCH_KIND"]}), 9602),
        (json!({"notificationTypes": []}), 0),
    ];
    for (body, number) in table {
        let expected = (if number == 0 { 200 } else { 400 }, number);
        assert_eq!(verdict(&Fixture::new().post(CLIENT_CONFIG, &body)), expected, "{body}");
    }
}

#[test]
fn a_refused_request_changes_nothing_at_all() {
    let fixture = Fixture::new();
    let before = fixture.reply(CLIENT_CONFIG);

    assert_eq!(
        verdict(&fixture.post(CLIENT_CONFIG, &json!({"mdmInfo": ours(), "notificationUrl": "https://x"}))),
        (400, 9710)
    );
    assert_eq!(fixture.reply(CLIENT_CONFIG), before);
}

#[test]
fn a_changed_limit_is_enforced_and_one_not_told_has_its_documented_value() {
    let fixture = Fixture::new();
    let claim = |id: &str| json!({"mdmInfo": {"id": id, "name": "n", "metadata": "m"}});
    fixture.simulator.change_limits(|limits| limits.max_mdm_id_length = Some(3));
    assert_eq!(verdict(&fixture.post(CLIENT_CONFIG, &claim("1234"))), (400, 9724));
    fixture.simulator.change_limits(|limits| limits.max_mdm_id_length = None);
    assert_eq!(verdict(&fixture.post(CLIENT_CONFIG, &claim("1234"))), (200, 0));
    assert_eq!(verdict(&fixture.post(CLIENT_CONFIG, &claim(&"1".repeat(101)))), (400, 9724));
}
