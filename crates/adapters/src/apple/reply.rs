//! What a response means: the body is read before the status.

use mdm_vpp_core::apple_error::{ERROR_TABLE, ErrorClass, ErrorNumber};
use mdm_vpp_ports::{AppleError, Trouble};
use serde_json::{Map, Value};

use super::{
    scrub::Scrubber,
    wire::{WireError, read_error},
};

/// The members of a good reply.
pub(crate) type Reply = Map<String, Value>;

/// Reads a response.
///
/// The body comes first, for Apple sends errors with status 200 too (observed in the wild): a body that tells an
/// error is one whatever the status is, and its number decides the class. A body that does not begin as a JSON
/// object is never parsed. Only then the status counts.
pub(crate) fn read_reply(status: u16, body: &[u8], scrub: Scrubber<'_>) -> Result<Reply, Trouble> {
    let text = without_byte_order_mark(body).trim_ascii();
    let good = (200..300).contains(&status);
    if text.is_empty() && !good {
        return Err(Trouble::HttpStatus { status, excerpt: "the body is empty".to_owned() });
    }
    let not_json = || Trouble::NotJson { status, excerpt: scrub.excerpt(body) };
    if text.first() != Some(&b'{') {
        return Err(not_json());
    }
    let reply: Reply = match serde_json::from_slice(text) {
        Ok(reply) => reply,
        Err(error) if error.is_eof() => return Err(Trouble::Truncated { length: body.len() }),
        Err(_) => return Err(not_json()),
    };
    if let Some(error) = read_error(&reply) {
        return Err(Trouble::Apple(apple_error(status, &error, scrub)));
    }
    if !good {
        return Err(Trouble::HttpStatus { status, excerpt: scrub.excerpt(body) });
    }
    Ok(reply)
}

fn apple_error(status: u16, error: &WireError, scrub: Scrubber<'_>) -> AppleError {
    let number = ErrorNumber(error.number);
    let meaning = || ERROR_TABLE.iter().find(|entry| entry.number == error.number).map(|entry| entry.meaning);
    let message = match error.message.as_str() {
        "" => meaning().unwrap_or("no message").to_owned(),
        text => scrub.message(text),
    };
    AppleError { number, class: ErrorClass::of(number, status), message, http_status: status }
}

fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

#[cfg(test)]
#[path = "reply_tests.rs"]
mod tests;
