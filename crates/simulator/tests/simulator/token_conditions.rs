//! The conditions of tokens, and the errors that tell of them.

use base64_of::with_url_safe_alphabet;
use chrono::TimeDelta;
use mdm_vpp_simulator::{ContentManager, ExpirationShown, Request, SynchronousErrors, TokenDownload};
use serde_json::json;

use crate::fixture::{ASSETS, CLIENT_CONFIG, Fixture, morning, verdict};

mod base64_of {
    /// The same token as a careless tool writes it: URL-safe and without padding.
    pub(super) fn with_url_safe_alphabet(token: &str) -> String {
        token.trim_end_matches('=').replace('+', "-").replace('/', "_")
    }
}

#[test]
fn a_header_that_is_not_bearer_and_a_token_is_9722() {
    let fixture = Fixture::new();
    for header in ["", "Bearer", "Bearer ", "Basic abc", "bearer abc", "Bearer a b"] {
        let reply = fixture.simulator.handle(Request::get(ASSETS).header("Authorization", header));
        assert_eq!(verdict(&reply), (401, 9722), "{header:?}");
    }

    assert_eq!(verdict(&fixture.simulator.handle(Request::get(ASSETS))), (401, 9722));
}

#[test]
fn a_token_that_was_never_issued_is_9622() {
    let fixture = Fixture::new();
    for unknown in ["garbage", "e30=", "eyJ0b2tlbiI6Ing=", "\u{fffd}"] {
        assert_eq!(verdict(&fixture.get_with(ASSETS, unknown)), (200, 9622), "{unknown:?}");
    }
}

#[test]
fn a_token_without_padding_or_in_the_url_safe_alphabet_is_understood() {
    let fixture = Fixture::new();
    assert_eq!(
        verdict(&fixture.get_with(ASSETS, &with_url_safe_alphabet(&fixture.location.token_file))),
        (200, 0)
    );
}

#[test]
fn a_token_dies_on_its_expiration_date() {
    let fixture = Fixture::new();
    assert_eq!(
        fixture.location.expires_at,
        "2028-03-01T10:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
    );
    fixture.simulator.set_now(fixture.location.expires_at - TimeDelta::seconds(1));
    assert_eq!(verdict(&fixture.get(ASSETS)), (200, 0));
    fixture.simulator.advance(TimeDelta::seconds(1));
    assert_eq!(verdict(&fixture.get(ASSETS)), (200, 9621));
    assert_eq!(fixture.reply(ASSETS).get("uId"), None, "a dead token learns nothing");
}

#[test]
fn an_expired_token_stays_expired_when_it_is_revoked_too() {
    let fixture = Fixture::new();
    fixture.simulator.revoke_token(fixture.location.token).unwrap();
    assert_eq!(verdict(&fixture.get(ASSETS)), (200, 9625));
    fixture.simulator.set_now(fixture.location.expires_at);
    assert_eq!(verdict(&fixture.get(ASSETS)), (200, 9621));
}

#[test]
fn documented_mode_gives_token_errors_the_status_of_apples_table() {
    let fixture = Fixture::new();
    fixture.simulator.change_settings(|settings| settings.token_errors = SynchronousErrors::Documented);
    assert_eq!(verdict(&fixture.get_with(ASSETS, "e30=")), (401, 9622));
    fixture.simulator.revoke_token(fixture.location.token).unwrap();
    assert_eq!(verdict(&fixture.get(ASSETS)), (401, 9625));
}

#[test]
fn a_changed_password_kills_every_token_of_that_person_and_no_other() {
    let fixture = Fixture::new();
    let (simulator, uid) = (&fixture.simulator, &fixture.location.uid);
    let second = simulator.renew_token(uid).unwrap();
    let colleague = ContentManager::new("colleague@example.org");
    let others = simulator.download_token(uid, TokenDownload::usual().by(colleague)).unwrap();

    let owner = simulator.content_manager(uid).unwrap();
    assert_eq!(simulator.change_password(&owner), 2);

    assert_eq!(verdict(&fixture.get(ASSETS)), (200, 9625));
    assert_eq!(verdict(&fixture.get_with(ASSETS, &second.file)), (200, 9625));
    assert_eq!(verdict(&fixture.get_with(ASSETS, &others.file)), (200, 0));
}

#[test]
fn a_renewed_token_is_another_secret_for_the_same_location_and_the_old_one_lives_on() {
    let fixture = Fixture::new();
    fixture.simulator.advance(TimeDelta::days(300));
    let renewed = fixture.simulator.renew_token(&fixture.location.uid).unwrap();
    assert_ne!(renewed.file, fixture.location.token_file);
    let old = fixture.reply(CLIENT_CONFIG);
    let new = fixture.get_with(CLIENT_CONFIG, &renewed.file).value().unwrap();
    assert_eq!(old["uId"], new["uId"]);
    assert_eq!(old["tokenExpirationDate"], "2028-03-01T10:00:00+0000");
    assert_eq!(new["tokenExpirationDate"], "2028-12-26T10:00:00+0000");
}

#[test]
fn a_facilitator_reads_and_does_not_write() {
    let fixture = Fixture::new();
    let token =
        fixture.simulator.download_token(&fixture.location.uid, TokenDownload::usual().read_only()).unwrap();

    assert_eq!(verdict(&fixture.get_with(ASSETS, &token.file)), (200, 0));
    assert_eq!(verdict(&fixture.post_with(CLIENT_CONFIG, &token.file, &json!({}))), (403, 9637));
}

#[test]
fn a_legacy_token_opens_nothing_and_a_read_only_role_is_told_first() {
    let fixture = Fixture::new();
    let uid = &fixture.location.uid;
    let facilitator = fixture.simulator.download_token(uid, TokenDownload::usual().read_only()).unwrap();
    fixture.simulator.set_legacy_tokens(uid, true).unwrap();
    fixture.simulator.set_managed_by_apple(uid, true).unwrap();

    assert_eq!(verdict(&fixture.get(ASSETS)), (403, 9647));
    assert_eq!(verdict(&fixture.post(CLIENT_CONFIG, &json!({}))), (403, 9647));
    assert_eq!(verdict(&fixture.post_with(CLIENT_CONFIG, &facilitator.file, &json!({}))), (403, 9637));
}

#[test]
fn a_location_that_apple_manages_is_read_only_until_it_is_handed_over() {
    let fixture = Fixture::new();
    let uid = &fixture.location.uid;
    fixture.simulator.set_managed_by_apple(uid, true).unwrap();
    assert_eq!(verdict(&fixture.get(CLIENT_CONFIG)), (200, 0));
    assert_eq!(verdict(&fixture.post(CLIENT_CONFIG, &json!({}))), (403, 9645));
    fixture.simulator.set_managed_by_apple(uid, false).unwrap();
    assert_eq!(verdict(&fixture.post(CLIENT_CONFIG, &json!({}))), (200, 0));
}

#[test]
fn the_expiration_date_can_be_shown_in_the_last_fifteen_days_only() {
    let fixture = Fixture::new();
    fixture
        .simulator
        .change_settings(|settings| settings.expiration_shown = ExpirationShown::LastFifteenDays);
    let shown = || fixture.reply(CLIENT_CONFIG).get("tokenExpirationDate").is_some();
    fixture.simulator.set_now(fixture.location.expires_at - TimeDelta::days(15) - TimeDelta::seconds(1));
    assert!(!shown());
    fixture.simulator.advance(TimeDelta::seconds(1));
    assert!(shown());
}

#[test]
fn a_token_can_be_downloaded_with_any_expiration_date() {
    let fixture = Fixture::new();
    let yesterday = TokenDownload::usual().expiring_at(morning() - TimeDelta::days(1));
    let token = fixture.simulator.download_token(&fixture.location.uid, yesterday).unwrap();

    assert_eq!(verdict(&fixture.get_with(ASSETS, &token.file)), (200, 9621));
}
