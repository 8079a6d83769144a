//! Uploads that Apple or the rules refuse: nothing is stored.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mdm_vpp::{
    decide::token::UploadRefusal,
    engine::{FileRefusedByApple, PageQuery, UploadError},
    simulator::TokenDownload,
};

use crate::fixture::{Fixture, settings};

#[tokio::test]
async fn p1_a_duplicate_location_is_refused_by_its_uid_and_the_other_token_is_named() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.upload("First", &token).await;
    let before = fixture.stored().await;
    let again = fixture.simulator.renew_token(&uid).unwrap();
    assert_ne!(again.file, token.file);
    let refused = fixture.try_upload(settings("Second"), &again.file).await.unwrap_err();
    assert!(matches!(refused, UploadError::Refused(UploadRefusal::Registry(_))));
    let text = refused.to_string();
    assert!(text.contains("`First`") && text.contains(uid.as_str()), "{text}");
    assert_eq!(fixture.stored().await, before);
}

#[tokio::test]
async fn p1_a_legacy_token_is_refused() {
    let fixture = Fixture::build().await;
    let (uid, token) = fixture.location_with_three_apps("Berlin");
    fixture.simulator.set_legacy_tokens(&uid, true).unwrap();
    refused_by_apple(&fixture, &token.file, |refusal| matches!(refusal, FileRefusedByApple::Legacy { .. }))
        .await;
}

#[tokio::test]
async fn p1_an_expired_file_is_refused_without_asking_apple() {
    let fixture = Fixture::build().await;
    let (uid, _) = fixture.location_with_three_apps("Berlin");
    let ended = TokenDownload::usual().expiring_at("2027-02-28T00:00:00Z".parse().unwrap());
    let token = fixture.simulator.download_token(&uid, ended).unwrap();
    let refused = fixture.try_upload(settings("Berlin"), &token.file).await.unwrap_err();
    assert!(matches!(refused, UploadError::Refused(UploadRefusal::File(_))), "{refused}");
    assert_eq!(
        (fixture.requests(), fixture.tenant().tokens(&PageQuery::default()).await.unwrap().items.len()),
        (0, 0)
    );
}

#[tokio::test]
async fn p1_a_token_that_apple_revoked_ended_or_never_saw_is_refused_with_its_reason() {
    let fixture = Fixture::build().await;
    let (_, token) = fixture.location_with_three_apps("Berlin");
    fixture.simulator.revoke_token(token.id).unwrap();
    refused_by_apple(&fixture, &token.file, |refusal| matches!(refusal, FileRefusedByApple::Revoked { .. }))
        .await;

    let (uid, _) = fixture.location_with_three_apps("Bremen");
    let short = TokenDownload::usual().expiring_at("2027-03-01T12:00:00Z".parse().unwrap());
    let token = fixture.simulator.download_token(&uid, short).unwrap();
    fixture.simulator.set_now("2027-03-01T13:00:00Z".parse().unwrap());
    refused_by_apple(&fixture, &token.file, |refusal| matches!(refusal, FileRefusedByApple::Expired { .. }))
        .await;

    let json = r#"{"token":"bm9ib2R5","expDate":"2028-01-01T00:00:00+0000","orgName":"Nobody"}"#;
    refused_by_apple(&fixture, &STANDARD.encode(json), |refusal| {
        matches!(refusal, FileRefusedByApple::Unknown { .. })
    })
    .await;
}

async fn refused_by_apple(fixture: &Fixture, file: &str, expected: fn(&FileRefusedByApple) -> bool) {
    let refused = fixture.try_upload(settings("Berlin"), file).await.unwrap_err();
    let UploadError::RefusedByApple(refusal) = &refused else { unreachable!("{refused}") };
    assert!(expected(refusal), "{refusal}");
    assert_eq!(fixture.tenant().tokens(&PageQuery::default()).await.unwrap().items, []);
    assert_eq!(fixture.work().await.done, 0, "nothing is due either");
}
