//! A call to Apple that failed: how, and what that means for the request.

use std::time::Duration;

use mdm_vpp_core::{
    apple_error::{AppleError, ErrorClass, ErrorNumber},
    audience::Audience,
    seats::{ErrorSubjects, RequestRefusal},
};
use thiserror::Error;

/// A call to Apple that failed: which call, and how. Holds no secret, in no form in which it can be printed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{call} failed: {kind}")]
pub struct ServiceError {
    /// The call, in words: `reading the client config`.
    pub call: &'static str,
    /// How it failed.
    pub kind: ServiceErrorKind,
    /// How long Apple asked to wait before any further request for this location.
    pub retry_after: Option<Duration>,
}

/// How a call failed. Each variant is a distinct reply, or the lack of one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ServiceErrorKind {
    /// Apple answered with an error, whatever the HTTP status was.
    #[error("{}: {}", text_of(error), error.class(*http_status).advice())]
    Apple {
        /// Apple's number and text. The text has at most 500 characters.
        error: AppleError,
        /// The HTTP status that carried it. It decides the class where the number is unknown.
        http_status: u16,
        /// The assets and holders that the error names; empty when it names none. Boxed, because it is rare and large.
        subjects: Box<ErrorSubjects>,
    },
    /// Apple answered with an HTTP error and no number.
    #[error("Apple answered with HTTP status {status} and no error number ({excerpt}): {}", ErrorClass::of_http_status(*status).advice())]
    HttpStatus {
        /// The status.
        status: u16,
        /// The start of the body, at most 200 characters, control characters replaced.
        excerpt: String,
    },
    /// The body is not JSON: mostly an error page of a proxy on the way.
    #[error(
        "the answer (HTTP status {status}) is not JSON but `{excerpt}`: \
         check for a proxy between this server and Apple, and try again later"
    )]
    NotJson {
        /// The status.
        status: u16,
        /// The start of the body, at most 200 characters, control characters replaced.
        excerpt: String,
    },
    /// The body begins as JSON and breaks off.
    #[error("the answer broke off after {length} bytes: try again later")]
    Truncated {
        /// The bytes that came.
        length: usize,
    },
    /// The body is JSON, but a member that is needed is missing, null or of another type.
    #[error("the answer has no usable `{member}` ({found}): try again later, and report it if it stays so")]
    UnexpectedReply {
        /// The member, with its place: `assets[3].totalCount`.
        member: String,
        /// What stands there instead.
        found: String,
    },
    /// The body is larger than any answer should be.
    #[error("the answer is larger than {limit} bytes and was not read: try again later")]
    TooLarge {
        /// The largest body that is read, in bytes.
        limit: u64,
    },
    /// No complete answer came in time.
    #[error("no answer came within {} s: try again later", .after.as_secs_f32())]
    TimedOut {
        /// The wait.
        after: Duration,
    },
    /// No connection, or it was lost.
    #[error("Apple could not be reached ({reason}): check the network and the proxy settings")]
    Unreachable {
        /// What the connection said, without the request.
        reason: String,
    },
    /// The URL must not see the token. Nothing was sent.
    #[error(
        "the address `{url}` is not allowed ({reason}): nothing was sent to it; check the configured address"
    )]
    AddressRefused {
        /// The address without query.
        url: String,
        /// Which rule forbids it.
        reason: &'static str,
    },
    /// Nothing was sent: there was no connection, or Apple asked for silence before.
    #[error("nothing was sent ({reason}): try again later")]
    NotSent {
        /// Why.
        reason: String,
    },
    /// Apple's list of pages does not end.
    #[error("the list has more than {limit} pages and was given up: try again later")]
    TooManyPages {
        /// The largest number of pages that is read.
        limit: u32,
    },
}

/// Apple's number and text, as the start of a sentence.
fn text_of(error: &AppleError) -> String {
    let AppleError { number, message } = error;
    match number {
        Some(number) => format!("Apple answered with error {number} ({message})"),
        None => format!("Apple answered with an error without a number ({message})"),
    }
}

impl ServiceError {
    /// An answer of Apple with an error, for tests and for services of your own. Number 0 means that Apple gave none.
    ///
    /// ```
    /// use mdm_vpp_ports::ServiceError;
    ///
    /// let error = ServiceError::apple("reading the client config", 9625, "revoked", 200);
    /// assert!(!error.is_retryable());
    /// ```
    #[must_use]
    pub fn apple(call: &'static str, number: u32, message: impl Into<String>, http_status: u16) -> Self {
        let number = Some(ErrorNumber(number)).filter(|number| number.0 != 0);
        let error = AppleError { number, message: message.into() };
        let kind = ServiceErrorKind::Apple { error, http_status, subjects: Box::default() };
        Self { call, kind, retry_after: None }
    }

    /// Apple's error, if Apple answered with one.
    #[must_use]
    pub const fn apple_error(&self) -> Option<&AppleError> {
        match &self.kind {
            ServiceErrorKind::Apple { error, .. } => Some(error),
            _ => None,
        }
    }

    /// What Apple's error asks of a client, if Apple answered with one.
    #[must_use]
    pub fn class(&self) -> Option<ErrorClass> {
        match &self.kind {
            ServiceErrorKind::Apple { error, http_status, .. } => Some(error.class(*http_status)),
            _ => None,
        }
    }

    /// Apple's error number, if Apple answered with one.
    #[must_use]
    pub const fn number(&self) -> Option<ErrorNumber> {
        match &self.kind {
            ServiceErrorKind::Apple { error, .. } => error.number,
            _ => None,
        }
    }

    /// Whether the same call may succeed later without a person's help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.kind {
            ServiceErrorKind::Apple { error, http_status, .. } => error.class(*http_status).is_retryable(),
            ServiceErrorKind::HttpStatus { status, .. } => ErrorClass::of_http_status(*status).is_retryable(),
            ServiceErrorKind::AddressRefused { .. } => false,
            ServiceErrorKind::NotJson { .. }
            | ServiceErrorKind::Truncated { .. }
            | ServiceErrorKind::UnexpectedReply { .. }
            | ServiceErrorKind::TooLarge { .. }
            | ServiceErrorKind::TimedOut { .. }
            | ServiceErrorKind::Unreachable { .. }
            | ServiceErrorKind::NotSent { .. }
            | ServiceErrorKind::TooManyPages { .. } => true,
        }
    }

    /// How long Apple asked to wait before any further request for this location.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Who can act on it: the caller where the request was wrong, the operator everywhere else, because it takes a
    /// person with access to Apple, to the network or to the settings.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match &self.kind {
            ServiceErrorKind::Apple { error, http_status, .. } => error.class(*http_status).audience(),
            ServiceErrorKind::HttpStatus { status, .. } => ErrorClass::of_http_status(*status).audience(),
            _ => Audience::Operator,
        }
    }

    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match &self.kind {
            ServiceErrorKind::Apple { .. } => "apple_error",
            ServiceErrorKind::HttpStatus { .. } => "http_status",
            ServiceErrorKind::NotJson { .. } => "not_json",
            ServiceErrorKind::Truncated { .. } => "truncated",
            ServiceErrorKind::UnexpectedReply { .. } => "unexpected_reply",
            ServiceErrorKind::TooLarge { .. } => "too_large",
            ServiceErrorKind::TimedOut { .. } => "timed_out",
            ServiceErrorKind::Unreachable { .. } => "unreachable",
            ServiceErrorKind::AddressRefused { .. } => "address_refused",
            ServiceErrorKind::NotSent { .. } => "not_sent",
            ServiceErrorKind::TooManyPages { .. } => "too_many_pages",
        }
    }

    /// Whether Apple may carry out the request although the call failed: true unless nothing was sent, or Apple
    /// refused it.
    ///
    /// An answer with an error number, or with a status from 400 to 499, is a refusal. Any other answer may come from a
    /// proxy or load balancer that had passed the request on.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        let nothing_sent =
            matches!(self.kind, ServiceErrorKind::AddressRefused { .. } | ServiceErrorKind::NotSent { .. });
        !nothing_sent && self.refusal().is_none()
    }

    /// The refusal of the request as a whole, for the core; `None` when nothing was sent, or when Apple may carry it
    /// out all the same.
    ///
    /// ```
    /// use mdm_vpp_ports::{ServiceError, ServiceErrorKind};
    ///
    /// let refused = ServiceError::apple("associating", 9609, "no such user", 400);
    /// assert_eq!(refused.refusal().map(|refusal| refusal.http_status), Some(400));
    /// let silence = ServiceErrorKind::NotSent { reason: "Apple asked to wait".into() };
    /// assert_eq!(ServiceError { call: "associating", kind: silence, retry_after: None }.refusal(), None);
    /// ```
    #[must_use]
    pub fn refusal(&self) -> Option<RequestRefusal> {
        let is_client_error = |status: u16| (400..500).contains(&status);
        match &self.kind {
            ServiceErrorKind::Apple { error, http_status, subjects }
                if error.number.is_some() || is_client_error(*http_status) =>
            {
                let (error, subjects) = (error.clone(), (**subjects).clone());
                Some(RequestRefusal { error, http_status: *http_status, subjects })
            }
            ServiceErrorKind::HttpStatus { status, excerpt } if is_client_error(*status) => {
                let error = AppleError { number: None, message: excerpt.clone() };
                Some(RequestRefusal { error, http_status: *status, subjects: ErrorSubjects::default() })
            }
            _ => None,
        }
    }

    /// The assets and holders that Apple's error names (`errorInfo`); empty when it names none.
    #[must_use]
    pub fn subjects(&self) -> ErrorSubjects {
        match &self.kind {
            ServiceErrorKind::Apple { subjects, .. } => (**subjects).clone(),
            _ => ErrorSubjects::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use mdm_vpp_core::id::SerialNumber;

    use super::*;

    fn failed(kind: ServiceErrorKind) -> ServiceError {
        ServiceError { call: "associating", kind, retry_after: None }
    }

    #[test]
    fn a_number_or_a_status_of_400_to_499_is_a_refusal_and_nothing_else_is() {
        let status = |status| failed(ServiceErrorKind::HttpStatus { status, excerpt: "No".to_owned() });
        for refused in [
            ServiceError::apple("associating", 9609, "No", 200),
            ServiceError::apple("associating", 9603, "No", 500),
            ServiceError::apple("associating", 0, "No", 400),
            status(400),
            status(499),
        ] {
            assert!(!refused.may_have_arrived(), "{refused:?}");
            assert_eq!(refused.refusal().unwrap().error.message, "No", "{refused:?}");
        }
        let unknown = [
            ServiceError::apple("associating", 0, "No", 502),
            ServiceError::apple("associating", 0, "No", 200),
            status(302),
            status(500),
            failed(ServiceErrorKind::NotJson { status: 404, excerpt: String::new() }),
            failed(ServiceErrorKind::Truncated { length: 1 }),
            failed(ServiceErrorKind::UnexpectedReply { member: "eventId".to_owned(), found: String::new() }),
            failed(ServiceErrorKind::TooLarge { limit: 1 }),
            failed(ServiceErrorKind::TimedOut { after: Duration::ZERO }),
            failed(ServiceErrorKind::Unreachable { reason: String::new() }),
        ];
        for error in unknown {
            assert!(error.may_have_arrived(), "{error:?}");
            assert_eq!(error.refusal(), None, "{error:?}");
        }
    }

    #[test]
    fn what_was_not_sent_neither_arrived_nor_was_refused() {
        for kind in [
            ServiceErrorKind::NotSent { reason: String::new() },
            ServiceErrorKind::AddressRefused { url: String::new(), reason: "" },
        ] {
            let error = failed(kind);
            assert!(!error.may_have_arrived() && error.refusal().is_none(), "{error:?}");
        }
    }

    #[test]
    fn a_refusal_carries_the_number_the_status_and_the_subjects() {
        let serial_numbers = [SerialNumber::new("C02AAAAAAA01").unwrap()].into();
        let subjects = ErrorSubjects { serial_numbers, ..ErrorSubjects::default() };
        let number = ErrorNumber(9707);
        let error = AppleError { number: Some(number), message: "No".to_owned() };
        let expected = RequestRefusal { error: error.clone(), http_status: 200, subjects: subjects.clone() };
        let kind = ServiceErrorKind::Apple { error, http_status: 200, subjects: Box::new(subjects) };
        let error = failed(kind);
        assert_eq!(error.refusal(), Some(expected));
        assert_eq!((error.code(), error.number()), ("apple_error", Some(number)));
    }

    #[test]
    fn an_error_without_a_number_says_so_and_goes_by_its_status() {
        let error = ServiceError::apple("associating", 0, "login required", 401);
        assert_eq!((error.number(), error.class()), (None, Some(ErrorClass::TokenRefused)));
        let text = "associating failed: Apple answered with an error without a number (login required): \
                    update the token with a fresh file";
        assert_eq!(error.to_string(), text);
    }
}
