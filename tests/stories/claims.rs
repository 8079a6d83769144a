//! A location has one MDM server: claims of another MDM, and taking over from it.

use chrono::TimeDelta;
use mdm_vpp::{
    engine::UploadToken,
    simulator::{Claim, DownloadedToken, Endpoint, ErrorNumber, Fault, FaultRule, LocationUid},
    transaction::AuditAct,
};

use crate::fixture::{Fixture, ada, id, settings};

/// A location that another MDM has claimed.
async fn claimed_by_other(fixture: &Fixture) -> (LocationUid, DownloadedToken) {
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.simulator.claim_by_other(&uid, Claim::new("theirs", "Other MDM", "mdm.example.com")).unwrap();
    (uid, token)
}

async fn acts(fixture: &Fixture) -> Vec<(String, AuditAct)> {
    let page = fixture.tenant().audit_since(Default::default(), 100).await.unwrap();
    page.entries.into_iter().map(|entry| (entry.actor.to_string(), entry.act)).collect()
}

/// The id of the claim that stands at Apple.
fn claim_at_apple(fixture: &Fixture, uid: &LocationUid) -> String {
    fixture.simulator.claim(uid).unwrap().unwrap().id
}

#[tokio::test]
async fn p2_a_foreign_claim_blocks_writes_until_an_administrator_claims_and_the_audit_log_names_them() {
    let fixture = Fixture::build().await;
    let (uid, token) = claimed_by_other(&fixture).await;
    let outcome = fixture.upload("Berlin", &token).await;
    assert_eq!(outcome.overview.status.label(), "Claimed by another MDM");
    assert_eq!((fixture.writes(), claim_at_apple(&fixture, &uid)), (0, "theirs".to_owned()));
    assert_eq!(fixture.rows(&uid).await.len(), 3, "assets are read");
    fixture.advance(TimeDelta::days(3));
    fixture.work().await;
    assert_eq!(fixture.writes(), 0, "no worker takes a location over by itself");

    let outcome = fixture.tenant().claim_token(&id(&uid), &ada()).await.unwrap();
    assert_eq!(outcome.overview.status.label(), "Active");
    assert_eq!(claim_at_apple(&fixture, &uid), format!("installation-1:{uid}"));
    let from = "Other MDM (mdm.example.com)".to_owned();
    let acts = acts(&fixture).await;
    let asked = AuditAct::TakeOverAsked { location: id(&uid), from };
    assert!(acts.contains(&("ada@example.org".to_owned(), asked)), "{acts:#?}");
    assert!(acts.contains(&("mdm-vpp".to_owned(), AuditAct::LocationClaimed { location: id(&uid) })));
}

#[tokio::test]
async fn p2_an_upload_can_take_the_location_over() {
    let fixture = Fixture::build().await;
    let (uid, token) = claimed_by_other(&fixture).await;
    let upload = UploadToken::new(settings("Berlin"), token.file.as_str()).take_over();
    let outcome = fixture.tenant().upload_token(upload, &ada()).await.unwrap();
    assert_eq!(outcome.overview.status.label(), "Active");
    assert_eq!(claim_at_apple(&fixture, &uid), format!("installation-1:{uid}"));
    assert!(acts(&fixture).await.iter().any(|(_, act)| matches!(act, AuditAct::TakeOverAsked { .. })));
}

#[tokio::test]
async fn p2_a_claim_that_apple_refuses_stays_due() {
    let fixture = Fixture::build().await;
    let (uid, token) = claimed_by_other(&fixture).await;
    fixture.upload("Berlin", &token).await;
    fixture
        .simulator
        .inject(FaultRule::at(Endpoint::WriteClientConfig, Fault::Error(ErrorNumber::INTERNAL)).always());
    let outcome = fixture.tenant().claim_token(&id(&uid), &ada()).await.unwrap();
    assert_eq!(outcome.overview.status.label(), "Claimed by another MDM");
    assert!(outcome.failures[0].message.contains("9603"), "{:?}", outcome.failures);

    fixture.simulator.clear_faults();
    fixture.advance(TimeDelta::minutes(1));
    fixture.work().await;
    assert_eq!(fixture.status(&uid).await, "Active");
}

#[tokio::test]
async fn p2_another_mdm_that_claims_between_our_read_and_our_claim_keeps_the_location() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    let theirs = uid.clone();
    let claim_first = Fault::first(move |simulator| {
        simulator.claim_by_other(&theirs, Claim::new("theirs", "Other MDM", "")).unwrap();
    });
    // The upload reads the client config once. The other MDM claims before the second read, which precedes our claim.
    fixture.simulator.inject(FaultRule::at(Endpoint::ReadClientConfig, claim_first).after(1));
    let outcome = fixture.upload("Berlin", &token).await;
    assert_eq!(outcome.overview.status.label(), "Claimed by another MDM");
    assert_eq!((fixture.writes(), claim_at_apple(&fixture, &uid)), (0, "theirs".to_owned()));
}

#[tokio::test]
async fn p2_a_claim_of_ours_that_was_cleared_at_apple_is_made_again() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("Berlin", &token).await;
    fixture.simulator.remove_claim(&uid).unwrap();
    fixture.tenant().sync_assets(&id(&uid)).await.unwrap();
    assert_eq!(fixture.status(&uid).await, "Joining");
    fixture.work().await;
    assert_eq!(fixture.status(&uid).await, "Active");
}
