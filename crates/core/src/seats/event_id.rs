//! The id under which Apple does a request that it accepted.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Apple's `eventId`: a UUID by its documentation, taken as it comes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventId(Box<str>);

/// Why a text cannot be an event id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{given}` is not an event id: it has 1 to {} visible ASCII characters", EventId::LONGEST)]
pub struct EventIdError {
    /// The text, cut after 40 characters.
    pub given: String,
}

impl EventId {
    /// The largest number of characters. Our choice: a UUID has 36.
    pub const LONGEST: usize = 100;

    /// Checks and keeps a text.
    ///
    /// # Errors
    ///
    /// [`EventIdError`] when the text is empty, too long or holds a character that is not visible ASCII.
    pub fn new(text: &str) -> Result<Self, EventIdError> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if text.is_empty() || text.len() > Self::LONGEST || !visible {
            return Err(EventIdError { given: text.chars().take(40).collect() });
        }
        Ok(Self(text.into()))
    }

    /// The id as Apple wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EventId {
    type Error = EventIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::new(&text)
    }
}

impl From<EventId> for String {
    fn from(id: EventId) -> String {
        id.0.into()
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_short_visible_text_is_an_event_id() {
        for wrong in ["", " ", "a b", "ä", "line\nfeed", &"7".repeat(101)] {
            assert!(EventId::new(wrong).is_err(), "{wrong:?} was taken");
        }
        assert!(EventId::new("2b2c1a52-6b4f-4b1a-9a5f-3d1c6c1f0001").is_ok());
    }
}
