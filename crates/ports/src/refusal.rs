//! What a failed call means for the request that it carried: whether Apple may do it all the same, and if Apple
//! refused it, whose fault that was.

use mdm_vpp_core::{
    apple_error::{self, ErrorNumber},
    seats::{ErrorSubjects, RequestRefusal},
};

use crate::{ServiceError, ServiceErrorKind};

/// What Apple said and with which status; no number where it named none.
type Said = (Option<ErrorNumber>, String, u16);

impl ServiceError {
    /// Whether Apple may do what was asked although the call failed: true unless nothing was sent, or Apple refused it
    /// in so many words.
    ///
    /// An answer with an error number, or with a status from 400 to 499, is a refusal. Anything else may be the work of
    /// something between us and Apple.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        let nothing_sent =
            matches!(self.kind, ServiceErrorKind::AddressRefused { .. } | ServiceErrorKind::NotSent { .. });
        !nothing_sent && self.said_no().is_none()
    }

    /// The refusal of the request as a whole, for the core; `None` when nothing was sent, or when Apple may do it all
    /// the same.
    ///
    /// ```
    /// use mdm_vpp_ports::{ServiceError, ServiceErrorKind};
    ///
    /// let refused = ServiceError::apple("associating", 9609, "no such user", 400);
    /// assert_eq!(refused.refusal().map(|refusal| refusal.http_status), Some(400));
    /// let silence = ServiceErrorKind::NotSent { reason: "Apple asked to wait".into() };
    /// assert_eq!(ServiceError { call: "associating", trouble: silence, retry_after: None }.refusal(), None);
    /// ```
    #[must_use]
    pub fn refusal(&self) -> Option<RequestRefusal> {
        let (number, message, http_status) = self.said_no()?;
        Some(RequestRefusal {
            error: apple_error::AppleError { number, message },
            http_status,
            subjects: self.subjects(),
        })
    }

    /// The assets and holders that Apple's error names (`errorInfo`); empty when it names nobody.
    #[must_use]
    pub fn subjects(&self) -> ErrorSubjects {
        match &self.kind {
            ServiceErrorKind::AppleNaming { subjects: subjects, .. } => (**subjects).clone(),
            _ => ErrorSubjects::default(),
        }
    }

    fn said_no(&self) -> Option<Said> {
        let refused = |status: u16| (400..500).contains(&status);
        if let Some(error) = self.apple_error() {
            let number = Some(error.number).filter(|number| number.0 != 0);
            let says_no = number.is_some() || refused(error.http_status);
            return says_no.then(|| (number, error.message.clone(), error.http_status));
        }
        match &self.kind {
            ServiceErrorKind::HttpStatus { status, excerpt } if refused(*status) => {
                Some((None, excerpt.clone(), *status))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mdm_vpp_core::{
        apple_error::{self, ErrorClass},
        id::SerialNumber,
    };

    use super::*;
    use crate::AppleError;

    fn failed(trouble: ServiceErrorKind) -> ServiceError {
        ServiceError { call: "associating", kind: trouble, retry_after: None }
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
        for trouble in [
            ServiceErrorKind::NotSent { reason: String::new() },
            ServiceErrorKind::AddressRefused { url: String::new(), reason: "" },
        ] {
            let error = failed(trouble);
            assert!(!error.may_have_arrived() && error.refusal().is_none(), "{error:?}");
        }
    }

    #[test]
    fn a_refusal_carries_the_number_the_status_and_whom_it_is_about() {
        let serial_numbers = [SerialNumber::new("C02AAAAAAA01").unwrap()].into();
        let subjects = ErrorSubjects { serial_numbers, ..ErrorSubjects::default() };
        let number = ErrorNumber(9707);
        let class = ErrorClass::PermanentRequest;
        let error = AppleError { number, class, message: "No".to_owned(), http_status: 200 };
        let error = failed(ServiceErrorKind::AppleNaming { error, subjects: Box::new(subjects.clone()) });
        let said = apple_error::AppleError { number: Some(number), message: "No".to_owned() };
        assert_eq!(error.refusal(), Some(RequestRefusal { error: said, http_status: 200, subjects }));
        assert_eq!((error.code(), error.number()), ("apple_error", Some(number)));
    }
}
