//! What a response means: the body is read before the status.

use mdm_vpp_core::{
    apple_error::{self, ERROR_TABLE, ErrorClass, ErrorNumber},
    seats::{ErrorSubjects, RequestFailure},
};
use mdm_vpp_ports::{AppleError, ServiceErrorKind};
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

/// Reads a response.
///
/// The body comes first, for Apple sends errors with status 200 too (observed in the wild): a body that tells an
/// error is one whatever the status is, and its number decides the class. A body that does not begin as a JSON
/// object is never parsed. Only then the status counts.
pub(crate) fn read_reply(status: u16, body: &[u8], scrub: Scrubber<'_>) -> Result<Reply, ServiceErrorKind> {
    read_reply_as(status, body, scrub, |reply: &Reply| reply)
}

/// Reads a response with a form of its own; `members` are those in which an error would stand.
pub(crate) fn read_reply_as<'a, T: Deserialize<'a>>(
    status: u16,
    body: &'a [u8],
    scrub: Scrubber<'_>,
    members: impl FnOnce(&T) -> &Reply,
) -> Result<T, ServiceErrorKind> {
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
        return Err(apple_trouble(status, error, scrub));
    }
    if !good {
        return Err(ServiceErrorKind::HttpStatus { status, excerpt: scrub.excerpt(body) });
    }
    Ok(reply)
}

fn apple_trouble(status: u16, told: WireError, scrub: Scrubber<'_>) -> ServiceErrorKind {
    let error = apple_error(status, &told, scrub);
    if told.culprits == ErrorSubjects::default() {
        return ServiceErrorKind::Apple(error);
    }
    ServiceErrorKind::AppleNaming { error, subjects: Box::new(told.culprits) }
}

fn apple_error(status: u16, error: &WireError, scrub: Scrubber<'_>) -> AppleError {
    let number = ErrorNumber(error.number);
    let class = ErrorClass::of(number, status);
    AppleError { number, class, message: message(error, scrub), http_status: status }
}

/// Apple's text, or what its number means.
fn message(error: &WireError, scrub: Scrubber<'_>) -> String {
    let meaning = || ERROR_TABLE.iter().find(|entry| entry.number == error.number).map(|entry| entry.meaning);
    match error.message.as_str() {
        "" => meaning().unwrap_or("no message").to_owned(),
        text => scrub.message(text),
    }
}

/// An error that concerns a part of an event.
pub(crate) fn failure(told: WireError, scrub: Scrubber<'_>) -> RequestFailure {
    let number = Some(ErrorNumber(told.number)).filter(|number| number.0 != 0);
    let error = apple_error::AppleError { number, message: message(&told, scrub) };
    RequestFailure { error, subjects: told.culprits }
}

fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

#[cfg(test)]
#[path = "reply_tests.rs"]
mod tests;
