//! What a response means: the body is read before the status.

use mdm_vpp_core::{
    apple_error::{AppleError, ERROR_TABLE, ErrorNumber},
    seats::RequestFailure,
};
use mdm_vpp_ports::ServiceErrorKind;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    scrub::Scrubber,
    wire::{WireError, read_error},
};

/// The members of a good reply.
pub(crate) type Reply = Map<String, Value>;

/// How a response is read: by status, body, and what removes secrets from texts.
pub(crate) type ReadReply<T> = fn(u16, &[u8], Scrubber<'_>) -> Result<T, ServiceErrorKind>;

/// Reads a response, its body before its status.
///
/// Apple sends errors with status 200 too (observed). A body that holds an error is an error whatever the status is,
/// and its number decides the class. A body that does not begin as a JSON object is never parsed. The status counts
/// only when the body holds no error.
pub(crate) fn read_reply(status: u16, body: &[u8], scrub: Scrubber<'_>) -> Result<Reply, ServiceErrorKind> {
    read_reply_as(status, body, scrub, |reply: &Reply| reply)
}

/// Reads a response into a form of its own; `members` are those in which an error would stand.
pub(crate) fn read_reply_as<'a, T: Deserialize<'a>>(
    status: u16,
    body: &'a [u8],
    scrub: Scrubber<'_>,
    members: impl FnOnce(&T) -> &Reply,
) -> Result<T, ServiceErrorKind> {
    // A gateway error often has no body, and then the status is all there is. An empty body beside a good status is no
    // answer: it falls through to `NotJson`.
    let text = without_byte_order_mark(body).trim_ascii();
    let good = (200..300).contains(&status);
    if text.is_empty() && !good {
        return Err(ServiceErrorKind::HttpStatus { status, excerpt: "the body is empty".to_owned() });
    }
    let not_json = || ServiceErrorKind::NotJson { status, excerpt: scrub.excerpt(body) };
    if text.first() != Some(&b'{') {
        return Err(not_json());
    }
    let reply: T = match serde_json::from_slice(text) {
        Ok(reply) => reply,
        Err(error) if error.is_eof() => return Err(ServiceErrorKind::Truncated { length: body.len() }),
        Err(_) => return Err(not_json()),
    };
    if let Some(error) = read_error(members(&reply)) {
        let RequestFailure { error, subjects } = failure(error, scrub);
        return Err(ServiceErrorKind::Apple { error, http_status: status, subjects: Box::new(subjects) });
    }
    if !good {
        return Err(ServiceErrorKind::HttpStatus { status, excerpt: scrub.excerpt(body) });
    }
    Ok(reply)
}

/// Apple's text, or the meaning of its number where it sent none.
fn message(error: &WireError, scrub: Scrubber<'_>) -> String {
    let meaning = || ERROR_TABLE.iter().find(|entry| entry.number == error.number).map(|entry| entry.meaning);
    match error.message.as_str() {
        "" => meaning().unwrap_or("no message").to_owned(),
        text => scrub.message(text),
    }
}

/// An error of a reply, or of a part of an event, without secrets.
pub(crate) fn failure(error: WireError, scrub: Scrubber<'_>) -> RequestFailure {
    let number = Some(ErrorNumber(error.number)).filter(|number| number.0 != 0);
    let message = message(&error, scrub);
    RequestFailure { error: AppleError { number, message }, subjects: error.subjects }
}

pub(super) fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use mdm_vpp_core::{apple_error::ErrorClass, token::ContentToken};
    use serde_json::json;

    use super::*;

    fn read(status: u16, body: impl AsRef<[u8]>) -> Result<Reply, ServiceErrorKind> {
        read_reply(status, body.as_ref(), Scrubber::of(None))
    }

    fn apple(status: u16, body: &str) -> AppleError {
        match read(status, body) {
            Err(ServiceErrorKind::Apple { error, http_status, .. }) if http_status == status => error,
            other => panic!("{body} with {status} gave {other:?}"),
        }
    }

    #[test]
    fn a_good_body_with_a_good_status_is_a_reply() {
        assert!(read(200, r#" {"uId":"1","errorNumber":0,"errorMessage":""} "#).is_ok());
        assert!(read(200, "\u{feff}{}").is_ok());
        assert!(read(201, "{}").is_ok());
    }

    #[test]
    fn the_number_decides_whatever_the_status_is() {
        for status in [200, 400, 401, 500, 503] {
            let error =
                apple(status, r#"{"errorNumber":9625,"errorMessage":"server has revoked the sToken"}"#);
            assert_eq!(error.class(status), ErrorClass::TokenRefused);
            let message = "server has revoked the sToken".to_owned();
            assert_eq!(error, AppleError { number: Some(ErrorNumber(9625)), message });
        }
        assert_eq!(apple(200, r#"{"errorNumber":9646}"#).class(200), ErrorClass::RateLimited);
        assert_eq!(apple(400, r#"{"errorNumber":9603}"#).class(400), ErrorClass::Transient);
    }

    #[test]
    fn an_unknown_number_goes_by_the_status() {
        for (status, class) in [
            (400, ErrorClass::PermanentRequest),
            (401, ErrorClass::TokenRefused),
            (429, ErrorClass::RateLimited),
            (503, ErrorClass::Transient),
        ] {
            assert_eq!(apple(status, r#"{"errorNumber":9799}"#).class(status), class);
        }
    }

    #[test]
    fn a_message_without_a_number_is_an_error_and_a_number_without_a_message_gets_its_meaning() {
        let error = apple(200, r#"{"errorMessage":"login\r\nrequired"}"#);
        assert_eq!((error.number, error.message.as_str()), (None, "login\u{fffd}\u{fffd}required"));
        assert_eq!(apple(200, r#"{"errorNumber":9621}"#).message, "token expired");
        assert_eq!(apple(200, r#"{"errorNumber":9799}"#).message, "no message");
    }

    #[test]
    fn a_message_is_cut_after_500_characters() {
        let body = json!({"errorNumber": 9602, "errorMessage": "é".repeat(10_000)}).to_string();
        assert_eq!(apple(400, &body).message.chars().count(), 500);
    }

    #[test]
    fn what_is_not_json_is_quoted_and_never_parsed() {
        for (status, body) in [
            (200, "<html>\n<h1>Sign in</h1>"),
            (503, "Oops"),
            (200, "[{\"errorNumber\":9625}]"),
            (200, "null"),
        ] {
            let Err(ServiceErrorKind::NotJson { status: found, excerpt }) = read(status, body) else {
                panic!("{body}")
            };
            assert_eq!(found, status);
            assert_eq!(excerpt, body.replace('\n', "\u{fffd}"));
        }
        let Err(ServiceErrorKind::NotJson { excerpt, .. }) = read(502, "x".repeat(100_000)) else { panic!() };
        assert_eq!(excerpt.len(), 200);
        assert_eq!(read(200, ""), Err(ServiceErrorKind::NotJson { status: 200, excerpt: String::new() }));
        assert!(matches!(read(200, "{'single': 1}"), Err(ServiceErrorKind::NotJson { .. })));
        assert!(matches!(read(200, b"{\"name\":\"\xff\"}"), Err(ServiceErrorKind::NotJson { .. })));
        assert!(matches!(read(200, "{\"a\":".repeat(10_000)), Err(ServiceErrorKind::NotJson { .. })));
    }

    #[test]
    fn a_body_that_breaks_off_is_truncated_at_every_length() {
        let body = r#"{"uId":"2049025000431439","assets":[{"adamId":"1"}]}"#;
        for length in 1..body.len() {
            assert_eq!(read(200, &body[..length]), Err(ServiceErrorKind::Truncated { length }));
        }
    }

    #[test]
    fn an_http_error_without_a_number_stays_an_http_error() {
        assert_eq!(
            read(500, r#"{"status":"down"}"#),
            Err(ServiceErrorKind::HttpStatus { status: 500, excerpt: r#"{"status":"down"}"#.into() })
        );
        assert_eq!(
            read(403, " \n"),
            Err(ServiceErrorKind::HttpStatus { status: 403, excerpt: "the body is empty".into() })
        );
        assert!(matches!(read(302, "{}"), Err(ServiceErrorKind::HttpStatus { status: 302, .. })));
    }

    #[test]
    fn an_echoed_token_is_not_in_the_error() {
        let token = ContentToken::new("eyJ0b2tlbiI6IlFVSkRSRVZHIn0=").unwrap();
        let bodies = [
            format!("<p>Authorization: Bearer {}</p>", token.expose()),
            json!({"errorNumber": 9622, "errorMessage": format!("bad token {}", token.expose())}).to_string(),
            json!({"headers": {"cookie": format!("itvt={}", token.expose())}}).to_string(),
        ];
        for body in bodies {
            let error = read_reply(500, body.as_bytes(), Scrubber::of(Some(&token))).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(&token.expose()[..8]) && shown.contains("[token]"), "{shown}");
        }
    }
}
