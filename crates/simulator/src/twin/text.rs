//! Text of a reply, made fit for an error: short, printable, without the secret.

use mdm_vpp_core::printable_text;
use mdm_vpp_core::token::ContentToken;

/// So many characters of a body are quoted.
const EXCERPT: usize = 200;
/// So many characters of a message are kept.
const MESSAGE: usize = 500;

/// The start of a body.
pub(super) fn excerpt(body: &[u8], token: &ContentToken) -> String {
    shown(&String::from_utf8_lossy(body), token, EXCERPT)
}

/// A message.
pub(super) fn message(text: &str, token: &ContentToken) -> String {
    shown(text, token, MESSAGE)
}

/// A URL up to its query.
pub(super) fn without_query(url: &str, token: &ContentToken) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    shown(url.get(..end).unwrap_or_default(), token, MESSAGE)
}

/// The secret goes before anything is cut, so that no half of it stays.
fn shown(text: &str, token: &ContentToken, most: usize) -> String {
    let text = text.trim().replace(token.expose(), "[token]");
    printable_text(&text).chars().take(most).collect()
}
