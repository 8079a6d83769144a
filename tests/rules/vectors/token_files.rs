//! `token_files.json`: uploads, and the content token or the refusal that follows.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mdm_vpp::{
    chrono::{DateTime, Utc},
    token::{TokenFile, TokenFileError},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::cases::{check, missing};

const FILE: &str = include_str!("../../vectors/token_files.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    upload: Upload,
    now: DateTime<Utc>,
}

/// How a case writes the bytes of an upload.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Upload {
    Text { text: String },
    Base64Of { text: String },
    Bytes { base64: String },
    Repeated { text: String, times: usize },
}

impl Upload {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text { text } => text.clone().into_bytes(),
            Self::Base64Of { text } => STANDARD.encode(text).into_bytes(),
            Self::Bytes { base64 } => STANDARD.decode(base64).unwrap(),
            Self::Repeated { text, times } => text.repeat(*times).into_bytes(),
        }
    }
}

fn decide(Input { upload, now }: &Input) -> Value {
    let usable = |file: TokenFile| file.usable_at(*now).map(|()| file);
    match TokenFile::parse(&upload.bytes()).and_then(usable) {
        Ok(file) => json!({
            "kind": "read",
            "content_token": file.content_token().expose(),
            "organization": file.organization(),
            "expires_at": file.expires_at(),
        }),
        Err(error) => json!({"kind": "refused", "code": error.code()}),
    }
}

#[test]
fn every_upload_is_read_or_refused_as_in_the_vectors() {
    check(FILE, decide).unwrap_or_else(|wrong| panic!("{wrong}"));
}

#[test]
fn the_vectors_reach_every_refusal() {
    use TokenFileError as E;
    let ended = DateTime::UNIX_EPOCH;
    let refusals = [
        E::Empty,
        E::TooLarge { size: 1, limit: 0 },
        E::DeviceEnrollmentToken,
        E::NotBase64,
        E::NotJson,
        E::MissingMember { name: "token" },
        E::UnreadableExpiry,
        E::Expired { expired_at: ended },
    ];
    assert_eq!(missing(FILE, refusals.iter().map(TokenFileError::code)), [""; 0]);
}
