//! The query of a request, with Apple's types of values.

use std::str::FromStr;

use crate::error_number::ErrorNumber;
use crate::model::{EventId, VersionId};

/// Decoded query parameters. Unknown ones are ignored, of repeated ones the first counts (assumptions).
#[derive(Debug)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn read(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// A value of a type that can be read from text; anything else is 9602.
    pub(crate) fn value<T: FromStr>(&self, name: &str) -> Result<Option<T>, ErrorNumber> {
        self.text(name).map(str::parse).transpose().map_err(|_| ErrorNumber::INVALID_ARGUMENT)
    }

    /// A whole number of 32 bits, widened so that nobody overflows it.
    pub(crate) fn int32(&self, name: &str) -> Result<Option<i64>, ErrorNumber> {
        Ok(self.value::<i32>(name)?.map(i64::from))
    }

    /// The version that a delta is wanted since; one that this service cannot have told is 9721.
    pub(crate) fn version(&self) -> Result<Option<VersionId>, ErrorNumber> {
        self.text("sinceVersionId").map(str::parse).transpose().map_err(|()| ErrorNumber::INVALID_VERSION)
    }
}

/// The event that a query asks for.
pub(crate) fn event_id(text: &str) -> Option<EventId> {
    Query::read(text).text("eventId").map(EventId::from)
}
