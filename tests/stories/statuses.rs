//! Every status that a token can have, caused at Apple.

use chrono::TimeDelta;
use mdm_vpp::{
    engine::ClaimError,
    simulator::{Claim, Endpoint, ErrorNumber, Fault, FaultRule, LocationUid, TokenDownload},
    token::{ReadOnlyReason, TokenOperation, TokenStatus},
};

use crate::fixture::{Fixture, ada, id, settings};

/// The documented table: the operations that a status allows, in the order of [`TokenOperation::ALL`].
const fn published(status: &TokenStatus) -> [bool; 5] {
    match status {
        TokenStatus::Active | TokenStatus::Expiring { .. } => [true, true, true, true, true],
        TokenStatus::Joining | TokenStatus::ClaimedByOther { .. } | TokenStatus::ReadOnly { .. } => {
            [true, false, true, true, true]
        }
        TokenStatus::Revoked { .. } | TokenStatus::Invalid { .. } | TokenStatus::Expired { .. } => {
            [true, false, false, true, true]
        }
    }
}

/// Asserts the status of a token and the operations that it allows.
async fn assert_status(fixture: &Fixture, uid: &LocationUid, label: &str) -> TokenStatus {
    let status = fixture.tenant().token(&id(uid)).await.unwrap().status;
    assert_eq!(status.label(), label);
    assert_eq!(TokenOperation::ALL.map(|operation| status.allows(operation)), published(&status), "{label}");
    status
}

#[tokio::test]
async fn s18_a_revoked_token_shows_apples_text_and_a_hint_and_refuses_writes_without_a_call() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    fixture.simulator.change_password(&fixture.simulator.content_manager(&uid).unwrap());
    fixture.tenant().sync_assets(&id(&uid)).await.unwrap_err();

    let status = assert_status(&fixture, &uid, "Revoked").await;
    assert!(status.apple_message().is_some_and(|text| !text.is_empty()));
    let hint = status.hint().unwrap();
    assert!(
        hint.contains("password") && hint.contains("flagged") && hint.contains("Apple Support"),
        "{hint}"
    );

    fixture.simulator.clear_requests();
    let refused = fixture.tenant().claim_token(&id(&uid), &ada()).await.unwrap_err();
    assert!(matches!(refused, ClaimError::Refused(_)), "{refused}");
    assert_eq!(fixture.requests(), 0);
}

#[tokio::test]
async fn p1_joining_ends_when_the_claim_and_the_first_sync_are_done() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    let down = FaultRule::at(Endpoint::Assets, Fault::Error(ErrorNumber::INTERNAL)).always();
    fixture.simulator.inject(down);
    let outcome = fixture.upload("Berlin", &token).await;
    assert_eq!(outcome.failures.len(), 1, "{:?}", outcome.failures);
    assert_status(&fixture, &uid, "Joining").await;

    fixture.simulator.clear_faults();
    fixture.advance(TimeDelta::minutes(1));
    fixture.work().await;
    assert_status(&fixture, &uid, "Active").await;
}

#[tokio::test]
async fn p1_a_token_is_expiring_in_its_last_thirty_days_and_then_expired() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    fixture.advance(TimeDelta::days(334));
    assert_status(&fixture, &uid, "Active").await;
    fixture.advance(TimeDelta::days(2));
    assert_status(&fixture, &uid, "Expiring").await;
    fixture.advance(TimeDelta::days(30));
    let expired = assert_status(&fixture, &uid, "Expired").await;
    assert!(expired.hint().is_some());
}

#[tokio::test]
async fn p1_a_token_that_apple_calls_expired_is_expired_whatever_our_clock_says() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    fixture.simulator.advance(TimeDelta::days(400));
    fixture.tenant().sync_assets(&id(&uid)).await.unwrap_err();
    assert_status(&fixture, &uid, "Expired").await;
}

#[tokio::test]
async fn p1_one_refusal_of_a_token_does_not_change_its_status() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    for number in [ErrorNumber::TOKEN_REVOKED, ErrorNumber::TOKEN_UNKNOWN] {
        for endpoint in [Endpoint::ReadClientConfig, Endpoint::Assets] {
            fixture.simulator.inject(FaultRule::at(endpoint, Fault::ErrorInOkBody(number)));
            fixture.tenant().sync_assets(&id(&uid)).await.unwrap();
            assert_status(&fixture, &uid, "Active").await;
        }
    }
}

#[tokio::test]
async fn p1_a_token_that_apple_does_not_know_is_invalid_until_apple_knows_it_again() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    let unknown = Fault::ErrorInOkBody(ErrorNumber::TOKEN_UNKNOWN);
    fixture.simulator.inject(FaultRule::at(Endpoint::ReadClientConfig, unknown).times(2));
    fixture.tenant().sync_assets(&id(&uid)).await.unwrap_err();
    let status = assert_status(&fixture, &uid, "Invalid").await;
    assert!(status.hint().unwrap().contains("password"));

    assert_eq!(fixture.work().await.failures, [], "the worker waits for the daily probe");
    assert_status(&fixture, &uid, "Invalid").await;
    fixture.advance(TimeDelta::hours(24));
    fixture.work().await;
    assert_status(&fixture, &uid, "Active").await;
}

#[tokio::test]
async fn p1_a_read_only_token_and_a_location_that_apple_manages_are_read() {
    let fixture = Fixture::build().await;
    let (reader_uid, _) = fixture.location_with_three_apps("Reader");
    let reader = fixture.simulator.download_token(&reader_uid, TokenDownload::usual().read_only()).unwrap();
    fixture.upload("Reader", &reader).await;
    let status = assert_status(&fixture, &reader_uid, "Read-only").await;
    assert!(matches!(status, TokenStatus::ReadOnly { reason: ReadOnlyReason::Role, .. }));
    assert_eq!(fixture.rows(&reader_uid).await.len(), 3, "assets are read");

    let (apple_uid, token) = fixture.location_with_three_apps("Apple");
    fixture.simulator.set_managed_by_apple(&apple_uid, true).unwrap();
    fixture.upload("Apple", &token).await;
    let status = assert_status(&fixture, &apple_uid, "Read-only").await;
    assert!(matches!(status, TokenStatus::ReadOnly { reason: ReadOnlyReason::ManagedByApple, .. }));

    fixture.simulator.set_managed_by_apple(&apple_uid, false).unwrap();
    fixture.advance(TimeDelta::hours(24));
    fixture.work().await;
    assert_status(&fixture, &apple_uid, "Active").await;
}

#[tokio::test]
async fn p1_a_location_that_another_mdm_claims_later_is_seen_at_the_next_sync() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    fixture.simulator.claim_by_other(&uid, Claim::new("theirs", "Other MDM", "mdm.example.com")).unwrap();
    fixture.tenant().sync_assets(&id(&uid)).await.unwrap();
    let status = assert_status(&fixture, &uid, "Claimed by another MDM").await;
    assert_eq!(status, TokenStatus::ClaimedByOther { name: "Other MDM (mdm.example.com)".into() });
}

#[tokio::test]
async fn p1_settings_can_be_edited_whatever_the_status_is() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    fixture.simulator.revoke_token(token.id).unwrap();
    fixture.tenant().sync_assets(&id(&uid)).await.unwrap_err();
    let edited = fixture.tenant().edit_token(&id(&uid), settings("Hamburg"), &ada()).await.unwrap();
    assert_eq!(edited.token.settings.detail.name.as_str(), "Hamburg");
    assert_eq!(edited.status.label(), "Revoked");
}
