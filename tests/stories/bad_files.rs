//! Wrong files and wrong settings: each its own error, and nothing is stored.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mdm_vpp::{
    decide::token::UploadRefusal,
    engine::{PageQuery, UploadError},
    id::{AdamId, GroupId},
    token::{Region, Reservation, TokenName},
};

use crate::fixture::{Fixture, settings};

/// What stands in a wrong file and must never come back in an error.
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
        let said = format!("{error} {error:?}");
        assert!(!said.contains(CANARY), "{said}");
        assert!(!said.contains(&STANDARD.encode(CANARY)[..20]), "{said}");
        errors.push((refusal.code(), error.to_string()));
    }
    let codes: std::collections::BTreeSet<_> = errors.iter().map(|(code, _)| *code).collect();
    let texts: std::collections::BTreeSet<_> = errors.iter().map(|(_, text)| text).collect();
    assert_eq!((codes.len(), texts.len()), (7, 7), "{errors:#?}");
    assert_eq!(fixture.requests(), 0, "nothing was sent to Apple");
    assert_eq!(fixture.stored().await, before);
}

#[tokio::test]
async fn s2_what_mail_and_editors_do_to_a_file_does_not_keep_it_from_apple() {
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
async fn a_reservation_of_nothing_is_refused_before_apple_is_asked() {
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
fn settings_that_cannot_be_never_come_to_be() {
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
