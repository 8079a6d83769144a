//! How a notification is answered. Any HTTP status from 200 to 299 tells Apple that it need not send it again.

use std::time::Duration;

use mdm_vpp_core::audience::Audience;
use thiserror::Error;

/// The largest notification that is read, in bytes. Our choice: Apple puts at most 100 elements into one, which is well
/// below this, and an unbounded body would let any sender fill the memory before its bearer is checked.
pub const LARGEST_NOTIFICATION: usize = 1024 * 1024;

/// Why a notification is refused. Quotes nothing of what came but the place of a member.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotificationRefusal {
    /// The body is larger than any notification.
    #[error("the notification is larger than {limit} bytes and was not read: report it if Apple sent it")]
    TooLarge {
        /// The largest body that is read, in bytes.
        limit: usize,
    },
    /// There is no `Authorization: Bearer`.
    #[error("the notification carries no bearer token: subscribe again if Apple sent it")]
    NoBearer,
    /// The bearer token is not ours.
    #[error("the notification carries a bearer token that is not ours: subscribe again if Apple sent it")]
    WrongBearer,
    /// The body is not a JSON object.
    #[error("the notification is not a JSON object: report it if Apple sent it")]
    NotJson,
    /// A member that is needed is missing, null or of another type.
    #[error("the notification has no usable `{member}` ({found}): report it if Apple sent it")]
    Unusable {
        /// The member, with its place: `notification.assignments[3].adamId`.
        member: String,
        /// What stands there instead.
        found: String,
    },
}

impl NotificationRefusal {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::NoBearer => "no_bearer",
            Self::WrongBearer => "wrong_bearer",
            Self::NotJson => "not_json",
            Self::Unusable { .. } => "unusable",
        }
    }

    /// Whether the same notification would be taken later: never, because its sender or its bytes are wrong.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        false
    }

    /// The wait before it is sent again: none.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        None
    }

    /// Who can act on it: the operator subscribes again, or reports a notification that Apple did send.
    #[must_use]
    pub const fn audience(&self) -> Audience {
        Audience::Operator
    }

    /// The HTTP status that the embedder should answer with.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        match self {
            Self::TooLarge { .. } => 413,
            Self::NoBearer => 401,
            Self::WrongBearer => 403,
            Self::NotJson | Self::Unusable { .. } => 400,
        }
    }
}

/// What became of a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotificationAnswer {
    /// It was taken.
    Taken,
    /// It had been taken before.
    Repeated,
    /// It is of a type that this version does not know, and was recorded.
    UnknownType {
        /// Apple's name of it.
        name: String,
    },
    /// It is about an event that we do not know: another product's, or one that ended long ago.
    UnknownEvent,
    /// It is about a location that we do not have.
    UnknownLocation,
    /// It was refused.
    Refused(NotificationRefusal),
}

impl NotificationAnswer {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Repeated => "repeated",
            Self::UnknownType { .. } => "unknown_type",
            Self::UnknownEvent => "unknown_event",
            Self::UnknownLocation => "unknown_location",
            Self::Refused(refusal) => refusal.code(),
        }
    }

    /// The HTTP status that the embedder should answer with. An unknown type, event or location is answered with 200
    /// too: sent again, it would be just as unknown.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        match self {
            Self::Refused(refusal) => refusal.http_status(),
            Self::Taken
            | Self::Repeated
            | Self::UnknownType { .. }
            | Self::UnknownEvent
            | Self::UnknownLocation => 200,
        }
    }
}
