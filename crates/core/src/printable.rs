//! Text from outside that people will read.

/// Replaces control characters (line breaks, terminal escapes) by U+FFFD, so that a name that Apple sends cannot
/// forge a log line or steer a terminal.
///
/// ```
/// assert_eq!(mdm_vpp_core::printable_text("Notes\r\n\u{1b}[31m"), "Notes\u{fffd}\u{fffd}\u{fffd}[31m");
/// ```
#[must_use]
pub fn printable_text(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}
