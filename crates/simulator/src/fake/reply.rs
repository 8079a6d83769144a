//! What a response means: how it was delivered, then the body, then the status.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use mdm_vpp_core::apple_error::{AppleError, ERROR_TABLE, ErrorNumber};
use mdm_vpp_core::printable_text;
use mdm_vpp_core::token::ContentToken;
use mdm_vpp_ports::ServiceErrorKind;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, error::Category};

use super::convert::ErrorBody;
use crate::wire::Response;

/// Bytes of a MiB.
const MEBIBYTE: u64 = 1024 * 1024;

/// Reads a response as a client over HTTP would.
pub(crate) fn read_reply<T: DeserializeOwned>(
    response: &Response,
    token: &ContentToken,
) -> Result<T, ServiceErrorKind> {
    if let Some(kind) = undelivered(response, token) {
        return Err(kind);
    }
    let (status, body) = (response.status, &response.body);
    let good = (200..300).contains(&status);
    if body.is_empty() && !good {
        return Err(ServiceErrorKind::HttpStatus { status, excerpt: "the body is empty".to_owned() });
    }
    let not_json = || ServiceErrorKind::NotJson { status, excerpt: excerpt(body, token) };
    let reply: Value = serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Eof if body.starts_with(b"{") => ServiceErrorKind::Truncated { length: body.len() },
        _ => not_json(),
    })?;
    if !reply.is_object() {
        return Err(not_json());
    }
    if let Some(error) = apple_error(&reply, token) {
        return Err(ServiceErrorKind::Apple { error, http_status: status, subjects: Box::default() });
    }
    if !good {
        return Err(ServiceErrorKind::HttpStatus { status, excerpt: excerpt(body, token) });
    }
    serde_json::from_value(reply).map_err(|error| unexpected(&error.to_string(), token))
}

/// The failure that a transport would report instead of an answer.
fn undelivered(response: &Response, token: &ContentToken) -> Option<ServiceErrorKind> {
    let delivery = response.delivery;
    if delivery.lost {
        return Some(ServiceErrorKind::Unreachable {
            reason: "the connection was closed without an answer".to_owned(),
        });
    }
    if let Some(after) = delivery.delay {
        return Some(ServiceErrorKind::TimedOut { after });
    }
    if let Some(mebibytes) = delivery.padded_to_mebibytes {
        return Some(ServiceErrorKind::TooLarge { limit: u64::from(mebibytes).saturating_mul(MEBIBYTE) });
    }
    let redirect = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    let target = response.header("location").filter(|_| redirect)?;
    Some(ServiceErrorKind::AddressRefused {
        url: without_query(target, token),
        reason: "redirects are not followed in-process",
    })
}

/// The error in a body, whatever the status is.
fn apple_error(reply: &Value, token: &ContentToken) -> Option<AppleError> {
    let error = ErrorBody::deserialize(reply).ok()?;
    if error.error_number == 0 {
        return None;
    }
    let number = ErrorNumber(u32::try_from(error.error_number).unwrap_or(0));
    let meaning = || ERROR_TABLE.iter().find(|entry| entry.number == number.0).map(|entry| entry.meaning);
    let message = match message(&error.error_message, token) {
        text if text.is_empty() => meaning().unwrap_or("no message").to_owned(),
        text => text,
    };
    Some(AppleError { number: Some(number).filter(|number| number.0 != 0), message })
}

/// The failure of a body that is JSON and not a reply. The parser names a missing member, and no place for other
/// mistakes.
fn unexpected(parser: &str, token: &ContentToken) -> ServiceErrorKind {
    let missing = parser.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match missing {
        Some(member) => {
            ServiceErrorKind::UnexpectedReply { member: member.to_owned(), found: "it is missing".to_owned() }
        }
        None => {
            ServiceErrorKind::UnexpectedReply { member: "body".to_owned(), found: message(parser, token) }
        }
    }
}

/// The longest wait in an error: one day, as in errors of the client over HTTP.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait from `now`: at most a day; `None` when there is no time left to wait.
pub(crate) fn read_retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = NaiveDateTime::parse_from_str(text, "%a, %d %b %Y %H:%M:%S GMT").ok()?.and_utc();
            at.signed_duration_since(now).to_std().unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST)).filter(|wait| !wait.is_zero())
}

/// The most characters of a body that are quoted.
const EXCERPT: usize = 200;
/// The most characters of a message that are kept.
const MESSAGE: usize = 500;

/// The start of a body.
pub(crate) fn excerpt(body: &[u8], token: &ContentToken) -> String {
    shown(&String::from_utf8_lossy(body), token, EXCERPT)
}

/// A message.
pub(crate) fn message(text: &str, token: &ContentToken) -> String {
    shown(text, token, MESSAGE)
}

/// A URL up to its query.
fn without_query(url: &str, token: &ContentToken) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    shown(url.get(..end).unwrap_or_default(), token, MESSAGE)
}

/// Replaces the secret, then cuts. In this order no half of the secret stays.
fn shown(text: &str, token: &ContentToken, most: usize) -> String {
    let text = text.trim().replace(token.expose(), "[token]");
    printable_text(&text).chars().take(most).collect()
}
