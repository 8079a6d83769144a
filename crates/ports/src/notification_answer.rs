//! What a notification is answered with. Any status of 200 to 299 tells Apple that it need not send it again.

use thiserror::Error;

/// The largest notification that is read, in bytes (our choice: Apple puts at most 100 elements into one).
pub const LARGEST_NOTIFICATION: usize = 1024 * 1024;

/// Why a notification is refused. Quotes nothing of what came but the place of a member.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotificationRefusal {
    /// The body is larger than any notification.
    #[error("the notification is larger than {limit} bytes")]
    TooLarge {
        /// The largest body that is read, in bytes.
        limit: usize,
    },
    /// There is no `Authorization: Bearer`.
    #[error("the notification carries no bearer token")]
    NoBearer,
    /// The bearer token is none of ours.
    #[error("the notification carries a bearer token that is not ours: subscribe again if it is Apple's")]
    WrongBearer,
    /// The body is no JSON object.
    #[error("the notification is not a JSON object")]
    NotJson,
    /// A member that is needed is missing, null or of another type.
    #[error("the notification has no usable `{member}` ({found})")]
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

    /// The HTTP status that the host should answer with.
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
    /// It was taken before.
    Repeated,
    /// It is of a type that we do not know, and was recorded.
    UnknownType {
        /// Apple's name of it.
        name: String,
    },
    /// It is about an event that we do not know: another product's, or one long over.
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

    /// The HTTP status that the host should answer with. What we cannot use would be no more use when it is sent again.
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
