//! Text from outside that people will read.

/// Replaces what cannot be seen and can deceive by U+FFFD: control characters (line breaks, terminal escapes), line
/// separators, and the characters that turn the direction of text or have no width. A name that Apple sends cannot
/// forge a log line, steer a terminal or look like another name.
///
/// ```
/// assert_eq!(mdm_vpp_core::printable_text("Notes\r\n\u{1b}[31m"), "Notes\u{fffd}\u{fffd}\u{fffd}[31m");
/// ```
#[must_use]
pub fn printable_text(text: &str) -> String {
    text.chars().map(|character| if is_printable(character) { character } else { '\u{fffd}' }).collect()
}

/// A name from outside: printable, and at most 255 characters.
#[must_use]
pub fn printable_name(text: &str) -> String {
    text.trim()
        .chars()
        .take(255)
        .map(|character| if is_printable(character) { character } else { '\u{fffd}' })
        .collect()
}

/// Whether a character can be seen for what it is. The joiners that emoji and some scripts need count as such.
pub(crate) fn is_printable(character: char) -> bool {
    let deceives = matches!(
        character,
        '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    );
    !character.is_control() && !deceives
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_replaced_and_what_scripts_need_stays() {
        assert_eq!(printable_text("gpj.\u{202e}exe"), "gpj.\u{fffd}exe");
        assert_eq!(printable_text("a\u{200b}b\u{feff}c\u{2028}d"), "a\u{fffd}b\u{fffd}c\u{fffd}d");
        let family = "👩\u{200d}👧 क\u{94d}\u{200d}ष";
        assert_eq!(printable_text(family), family);
        assert_eq!(printable_name(&"ü".repeat(1000)).chars().count(), 255);
    }
}
