//! What every error of an act says of itself: a code, whether to retry, when, and who can act on it.

use std::time::Duration;

use mdm_vpp_core::{
    audience::Audience,
    decide::{
        assignments::AssignmentRefusal,
        catalog::{AdditionRefusal, SyncRefusal},
        token::{ClaimRefusal, EditRefusal, RenewalRefusal, UploadRefusal},
    },
};
use mdm_vpp_ports::{ServiceError, StoreError};

use super::FileRefusedByApple;

/// What an error says of itself.
pub(super) struct ErrorFacts {
    pub(super) code: &'static str,
    pub(super) is_retryable: bool,
    pub(super) retry_after: Option<Duration>,
    pub(super) audience: Audience,
}

impl ErrorFacts {
    /// An error that only its audience can mend.
    pub(super) const fn of(code: &'static str, audience: Audience) -> Self {
        Self { code, is_retryable: false, retry_after: None, audience }
    }

    /// An error that may pass by itself.
    pub(super) const fn passing(code: &'static str, audience: Audience) -> Self {
        Self { code, is_retryable: true, retry_after: None, audience }
    }
}

/// Gives an error with a method `facts` its four public methods.
macro_rules! error_facts {
    ($error:ident) => {
        impl $error {
            /// A stable name for programs.
            #[must_use]
            pub fn code(&self) -> &'static str {
                self.facts().code
            }

            /// Whether the same act may succeed later without a change.
            #[must_use]
            pub fn is_retryable(&self) -> bool {
                self.facts().is_retryable
            }

            /// How long to wait before the act is tried again, if Apple said so.
            #[must_use]
            pub fn retry_after(&self) -> Option<std::time::Duration> {
                self.facts().retry_after
            }

            /// Who can act on the error.
            #[must_use]
            pub fn audience(&self) -> mdm_vpp_core::audience::Audience {
                self.facts().audience
            }
        }
    };
}
pub(super) use error_facts;

impl From<&StoreError> for ErrorFacts {
    fn from(error: &StoreError) -> Self {
        Self {
            code: error.code(),
            is_retryable: error.is_retryable(),
            retry_after: error.retry_after(),
            audience: error.audience(),
        }
    }
}

impl From<&ServiceError> for ErrorFacts {
    fn from(error: &ServiceError) -> Self {
        Self {
            code: error.code(),
            is_retryable: error.is_retryable(),
            retry_after: error.retry_after(),
            audience: error.audience(),
        }
    }
}

impl From<&FileRefusedByApple> for ErrorFacts {
    fn from(error: &FileRefusedByApple) -> Self {
        // A new file has to be downloaded with the account at Apple.
        Self::of(error.code(), Audience::Operator)
    }
}

impl From<&UploadRefusal> for ErrorFacts {
    fn from(refusal: &UploadRefusal) -> Self {
        Self::of(refusal.code(), Audience::Caller)
    }
}

impl From<&RenewalRefusal> for ErrorFacts {
    fn from(refusal: &RenewalRefusal) -> Self {
        Self::of(refusal.code(), Audience::Caller)
    }
}

impl From<&EditRefusal> for ErrorFacts {
    fn from(refusal: &EditRefusal) -> Self {
        Self::of(refusal.code(), Audience::Caller)
    }
}

impl From<&ClaimRefusal> for ErrorFacts {
    fn from(refusal: &ClaimRefusal) -> Self {
        let audience = match refusal {
            // The token has to be renewed.
            ClaimRefusal::Operation(_) => Audience::Operator,
            _ => Audience::Caller,
        };
        Self::of(refusal.code(), audience)
    }
}

impl From<&AdditionRefusal> for ErrorFacts {
    fn from(refusal: &AdditionRefusal) -> Self {
        Self::of(refusal.code(), Audience::Caller)
    }
}

impl From<&AssignmentRefusal> for ErrorFacts {
    fn from(refusal: &AssignmentRefusal) -> Self {
        Self::of(refusal.code(), Audience::Caller)
    }
}

impl From<&SyncRefusal> for ErrorFacts {
    fn from(refusal: &SyncRefusal) -> Self {
        match refusal {
            SyncRefusal::UnknownToken { .. } => Self::of(refusal.code(), Audience::Caller),
            SyncRefusal::OtherLocation { .. } => Self::of(refusal.code(), Audience::Operator),
            // Apple's list contradicts itself. The next one may not.
            _ => Self::passing(refusal.code(), Audience::Operator),
        }
    }
}
