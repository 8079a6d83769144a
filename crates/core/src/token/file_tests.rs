//! Every quirk of a token file, accepted or refused.

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE};
use proptest::prelude::*;

use super::*;

/// A token whose Base64 has padding and, by its `ÿ¿`, characters that differ between the two alphabets.
const JSON: &str =
    r#"{"orgName":"Ärger ÿ¿ÿ¿ & Söhne","token":"QUJDREVG","expDate":"2027-03-01T10:00:00+0000"}"#;

fn file(bytes: impl AsRef<[u8]>) -> Result<TokenFile, TokenFileError> {
    TokenFile::parse(bytes.as_ref())
}

fn with(json: &str) -> Result<TokenFile, TokenFileError> {
    file(STANDARD.encode(json))
}

fn wrapped(text: &str, at: usize, line_end: &str) -> String {
    let lines: Vec<String> =
        text.as_bytes().chunks(at).map(|line| String::from_utf8(line.to_vec()).unwrap()).collect();
    lines.join(line_end)
}

#[test]
fn the_documented_file_is_read() {
    let read = with(JSON).unwrap();
    assert_eq!(read.organization(), "Ärger ÿ¿ÿ¿ & Söhne");
    assert_eq!(read.expires_at().to_rfc3339(), "2027-03-01T10:00:00+00:00");
    assert_eq!(read.content_token().expose(), STANDARD.encode(JSON));
}

#[test]
fn what_mail_and_editors_do_to_a_file_changes_nothing() {
    let outer = STANDARD.encode(JSON);
    assert!(outer.contains(['+', '/']) && outer.ends_with('='), "the sample shows too little");
    for spelling in [
        format!("{outer}\n"),
        format!("\u{feff}{outer}\r\n"),
        format!("  {outer}\t"),
        wrapped(&outer, 76, "\r\n"),
        wrapped(&outer, 10, " "),
    ] {
        assert_eq!(file(&spelling).unwrap().content_token().expose(), outer, "{spelling:?}");
    }
}

#[test]
fn missing_padding_and_the_url_safe_alphabet_are_read_and_sent_as_they_came() {
    for outer in [STANDARD_NO_PAD.encode(JSON), URL_SAFE.encode(JSON)] {
        assert_eq!(file(&outer).unwrap().content_token().expose(), outer);
    }
}

#[test]
fn a_pretty_printed_token_with_members_we_do_not_know_is_read() {
    let pretty = "{\n  \"expDate\" : \"2027-03-01T10:00:00Z\",\n  \"new\": [1],\n  \"token\" : \"QQ==\",\n  \
                  \"orgName\" : \"ORG12345\"\n}\n";
    assert_eq!(with(pretty).unwrap().organization(), "ORG12345");
}

#[test]
fn pasted_json_is_encoded_for_apple() {
    let read = file(format!("\n{JSON}\n")).unwrap();
    assert_eq!(read.content_token().expose(), STANDARD.encode(JSON));
}

#[test]
fn a_file_that_was_encoded_twice_gives_the_inner_token() {
    let inner = STANDARD.encode(JSON);
    for twice in [STANDARD.encode(&inner), STANDARD.encode(wrapped(&inner, 64, "\n") + "\n")] {
        assert_eq!(file(twice).unwrap().content_token().expose(), inner);
    }
    assert_eq!(file(STANDARD.encode(STANDARD.encode(&inner))), Err(TokenFileError::NotJson), "three times");
}

#[test]
fn an_empty_file_is_told_from_a_damaged_one() {
    for empty in ["", " \r\n", "\u{feff}", "\u{feff}\n"] {
        assert_eq!(file(empty), Err(TokenFileError::Empty), "{empty:?}");
    }
    for damaged in ["not base64!", "ä", "=", "A"] {
        assert_eq!(file(damaged), Err(TokenFileError::NotBase64), "{damaged:?}");
    }
    assert_eq!(file([0xff, 0xfe, 0x00]), Err(TokenFileError::NotBase64));
}

#[test]
fn base64_of_anything_else_is_not_a_content_token() {
    for json in ["hello world", "[1]", "\"text\"", "{\"token\":", "7"] {
        assert_eq!(with(json), Err(TokenFileError::NotJson), "{json:?}");
    }
    assert_eq!(file(STANDARD.encode([0u8, 159, 146, 150])), Err(TokenFileError::NotJson));
}

#[test]
fn every_documented_member_is_needed_and_must_be_text() {
    for (name, json) in [
        ("token", r#"{"orgName":"A","expDate":"2027-03-01T10:00:00Z"}"#),
        ("token", r#"{"token":"","orgName":"A","expDate":"2027-03-01T10:00:00Z"}"#),
        ("token", r#"{"token":null,"orgName":"A","expDate":"2027-03-01T10:00:00Z"}"#),
        ("token", r#"{"token":5,"orgName":"A","expDate":"2027-03-01T10:00:00Z"}"#),
        ("orgName", r#"{"token":"QQ","expDate":"2027-03-01T10:00:00Z"}"#),
        ("expDate", r#"{"token":"QQ","orgName":"A"}"#),
    ] {
        assert_eq!(with(json), Err(TokenFileError::MissingMember { name }), "{json}");
    }
    let unreadable = r#"{"token":"QQ","orgName":"A","expDate":"next year"}"#;
    assert_eq!(with(unreadable), Err(TokenFileError::UnreadableExpiry));
}

#[test]
fn the_device_enrollment_token_is_recognised() {
    let smime = "Content-Type: application/pkcs7-mime; name=\"smime.p7m\"; smime-type=enveloped-data\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHA6CAMIACAQAx";
    assert_eq!(file(smime), Err(TokenFileError::DeviceEnrollmentToken));
    let with_version = format!("MIME-Version: 1.0\r\n{smime}");
    assert_eq!(file(with_version), Err(TokenFileError::DeviceEnrollmentToken));
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let size = 10 * 1024 * 1024;
    assert_eq!(file(vec![b'A'; size]), Err(TokenFileError::TooLarge { size, limit: LARGEST_TOKEN_FILE }));
}

#[test]
fn a_token_is_usable_until_its_last_second_and_not_in_it() {
    let read = with(JSON).unwrap();
    let end = read.expires_at();
    assert_eq!(read.usable_at(end - chrono::TimeDelta::seconds(1)), Ok(()));
    assert_eq!(read.usable_at(end), Err(TokenFileError::Expired { expired_at: end }));
}

proptest! {
    #[test]
    fn no_upload_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = TokenFile::parse(&bytes);
        let _ = TokenFile::parse(STANDARD.encode(&bytes).as_bytes());
    }

    #[test]
    fn an_error_never_quotes_the_upload(canary in "[a-zA-Z0-9]{24}") {
        for upload in [canary.clone(), format!("{{\"token\":\"{canary}\"}}"), format!("?{canary}"), STANDARD.encode(&canary)] {
            if let Err(error) = TokenFile::parse(upload.as_bytes()) {
                let said = format!("{error} {error:?}");
                prop_assert!(!said.contains(&canary));
            }
        }
    }
}
