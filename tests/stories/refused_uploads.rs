//! Uploads that are refused, for their file, their settings or by Apple: each has its own error, and nothing is stored.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mdm_vpp::{
    decide::token::UploadRefusal,
    engine::{FileRefusedByApple, PageQuery, UploadError},
    id::{AdamId, GroupId},
    simulator::TokenDownload,
    token::{Region, Reservation, TokenName},
};

use crate::fixture::{Fixture, settings};

/// A text in each wrong file that no error may repeat.
const CANARY: &str = "c4n4rySecretOfTheWrongFile";

#[tokio::test]
async fn s2_each_wrong_file_has_its_own_error_and_none_quotes_the_file() {
    let fixture = Fixture::build().await;
    let before = fixture.stored().await;
    let without_token = format!(r#"{{"secret":"{CANARY}","orgName":"A","expDate":"2030-01-01T00:00:00Z"}}"#);
    let expired = format!(r#"{{"token":"{CANARY}","orgName":"A","expDate":"2027-03-01T10:00:00+0000"}}"#);
    let enrollment = format!("Content-Type: application/pkcs7-mime; name=smime.p7m\r\n\r\n{CANARY}");
    let wrong = [
        format!("*{CANARY}*"),
        STANDARD.encode(format!("plain text with {CANARY}")),
        STANDARD.encode(without_token),
        STANDARD.encode(expired),
        enrollment,
        String::new(),
        CANARY.repeat(10 * 1024 * 1024 / CANARY.len() + 1),
    ];
    let mut errors = Vec::new();
    for file in &wrong {
        let error = fixture.try_upload(settings("Berlin"), file).await.unwrap_err();
        let UploadError::Refused(UploadRefusal::File(refusal)) = &error else {
            unreachable!("not about the file: {error}")
        };
        let text = format!("{error} {error:?}");
        assert!(!text.contains(CANARY), "{text}");
        assert!(!text.contains(&STANDARD.encode(CANARY)[..20]), "{text}");
        errors.push((refusal.code(), error.to_string()));
    }
    let codes: std::collections::BTreeSet<_> = errors.iter().map(|(code, _)| *code).collect();
    let texts: std::collections::BTreeSet<_> = errors.iter().map(|(_, text)| text).collect();
    assert_eq!((codes.len(), texts.len()), (7, 7), "{errors:#?}");
    assert_eq!(fixture.requests(), 0, "no request was sent to Apple");
    assert_eq!(fixture.stored().await, before);
}

#[tokio::test]
async fn s2_a_file_that_mail_or_an_editor_changed_is_still_accepted() {
    let fixture = Fixture::build().await;
    for (n, damage) in [
        |file: &str| format!("\u{feff}{file}\r\n"),
        |file: &str| file.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line) + "\r\n").collect(),
        |file: &str| STANDARD.encode(file),
        |file: &str| String::from_utf8(STANDARD.decode(file).unwrap()).unwrap(),
    ]
    .into_iter()
    .enumerate()
    {
        let (_, token) = fixture.location_with_three_apps(&format!("Location {n}"));
        let outcome =
            fixture.try_upload(settings(&format!("Token {n}")), &damage(&token.file)).await.unwrap();
        assert_eq!(outcome.overview.status.label(), "Active", "spelling {n}");
    }
}

#[tokio::test]
async fn a_reservation_of_zero_licenses_is_refused_without_a_request_to_apple() {
    let fixture = Fixture::build().await;
    let (_, token) = fixture.location_with_three_apps("Berlin");
    let mut wanted = settings("Berlin");
    let group = GroupId::new("sales").unwrap();
    wanted.scope.reservations = vec![Reservation { adam_id: AdamId::new(1), group, licenses: 0 }];
    let refused = fixture.try_upload(wanted, &token.file).await.unwrap_err();
    assert!(refused.to_string().contains("`sales`"), "{refused}");
    assert_eq!(
        (fixture.requests(), fixture.tenant().tokens(&PageQuery::default()).await.unwrap().items.len()),
        (0, 0)
    );
}

#[test]
fn each_invalid_setting_has_its_own_error() {
    let mut texts = vec![
        TokenName::new("").unwrap_err().to_string(),
        TokenName::new("n".repeat(101)).unwrap_err().to_string(),
        TokenName::new("a\nb").unwrap_err().to_string(),
        Region::new("").unwrap_err().to_string(),
        Region::new("Atlantis").unwrap_err().to_string(),
        GroupId::new(" ").unwrap_err().to_string(),
        GroupId::new("g".repeat(201)).unwrap_err().to_string(),
    ];
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 7);
}

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
    assert_refused_by_apple(&fixture, &token.file, |refusal| {
        matches!(refusal, FileRefusedByApple::Legacy { .. })
    })
    .await;
}

#[tokio::test]
async fn p1_an_expired_file_is_refused_without_a_request_to_apple() {
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
async fn p1_a_token_that_apple_revoked_or_does_not_know_or_that_expired_is_refused_with_its_reason() {
    let fixture = Fixture::build().await;
    let (_, token) = fixture.location_with_three_apps("Berlin");
    fixture.simulator.revoke_token(token.id).unwrap();
    assert_refused_by_apple(&fixture, &token.file, |refusal| {
        matches!(refusal, FileRefusedByApple::Revoked { .. })
    })
    .await;

    let (uid, _) = fixture.location_with_three_apps("Bremen");
    let short = TokenDownload::usual().expiring_at("2027-03-01T12:00:00Z".parse().unwrap());
    let token = fixture.simulator.download_token(&uid, short).unwrap();
    fixture.simulator.set_now("2027-03-01T13:00:00Z".parse().unwrap());
    assert_refused_by_apple(&fixture, &token.file, |refusal| {
        matches!(refusal, FileRefusedByApple::Expired { .. })
    })
    .await;

    let json = r#"{"token":"bm9ib2R5","expDate":"2028-01-01T00:00:00+0000","orgName":"Example"}"#;
    assert_refused_by_apple(&fixture, &STANDARD.encode(json), |refusal| {
        matches!(refusal, FileRefusedByApple::Unknown { .. })
    })
    .await;
}

async fn assert_refused_by_apple(fixture: &Fixture, file: &str, expected: fn(&FileRefusedByApple) -> bool) {
    let refused = fixture.try_upload(settings("Berlin"), file).await.unwrap_err();
    let UploadError::RefusedByApple(refusal) = &refused else { unreachable!("{refused}") };
    assert!(expected(refusal), "{refusal}");
    assert_eq!(fixture.tenant().tokens(&PageQuery::default()).await.unwrap().items, []);
    assert_eq!(fixture.work().await.done, 0, "no job is due");
}
