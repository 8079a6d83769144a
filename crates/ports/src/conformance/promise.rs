//! A promise under test, and the ways to find it broken.

use std::fmt::{Debug, Display};

use mdm_vpp_core::token::ContentToken;

use super::{FixtureFuture, Violation};
use crate::ServiceError;

/// The number of characters in a row that give a secret away. Ours: ids and numbers in an error are shorter.
const TELLING: usize = 24;

/// The promise that a check is about, as a sentence.
#[derive(Clone, Copy)]
pub(super) struct Promise(pub(super) &'static str);

impl Promise {
    pub(super) fn broken(self, step: &str, expected: impl Display, found: impl Display) -> Violation {
        Violation {
            check: self.0,
            step: step.to_owned(),
            expected: expected.to_string(),
            found: found.to_string(),
        }
    }

    /// Two values that must be equal.
    pub(super) fn same<T: PartialEq + Debug + ?Sized>(
        self,
        step: &str,
        expected: &T,
        found: &T,
    ) -> Result<(), Violation> {
        if expected == found {
            return Ok(());
        }
        Err(self.broken(step, format_args!("{expected:?}"), format_args!("{found:?}")))
    }

    /// Something that the fixture must prepare.
    pub(super) fn staged<T>(self, staged: FixtureFuture<T>) -> Result<T, Violation> {
        staged.map_err(|error| self.broken("preparing the fixture", "that it can be prepared", error))
    }

    /// A value of the suite itself, which the core must accept.
    pub(super) fn built<T, E: Display>(self, value: Result<T, E>) -> Result<T, Violation> {
        value.map_err(|error| self.broken("a value of the suite", "that the core accepts it", error))
    }

    /// A call that must work.
    pub(super) fn works<T>(self, step: &str, answer: Result<T, ServiceError>) -> Result<T, Violation> {
        answer.map_err(|error| {
            self.broken(step, "that it works", format_args!("an error of code `{}`: {error}", error.code()))
        })
    }

    /// A call that must fail.
    pub(super) fn fails<T: Debug>(
        self,
        step: &str,
        answer: Result<T, ServiceError>,
    ) -> Result<ServiceError, Violation> {
        match answer {
            Err(error) => Ok(error),
            Ok(answer) => Err(self.broken(step, "an error", format_args!("{answer:?}"))),
        }
    }

    /// An error that must not show a secret, however it is printed. The violation does not quote it.
    pub(super) fn keeps_secret(
        self,
        step: &str,
        error: &ServiceError,
        token: &ContentToken,
    ) -> Result<(), Violation> {
        let secret = token.expose();
        let telling = TELLING.min(secret.len());
        let parts = || (0..=secret.len() - telling).filter_map(|start| secret.get(start..start + telling));
        for (way, text) in [
            ("Display", error.to_string()),
            ("Debug", format!("{error:?}")),
            ("Debug", format!("{error:#?}")),
        ] {
            if parts().any(|part| text.contains(part)) {
                let found = format!("a part of it in the {way} of an error of code `{}`", error.code());
                return Err(self.broken(step, "nothing of the secret", found));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::ServiceErrorKind;

    #[test]
    fn a_secret_is_found_by_any_part_that_tells_it() {
        let secret = "eyJ0b2tlbiI6IlFVSkRSRVZHIiwib3JnTmFtZSI6IkV4YW1wbGUifQ";
        let token = ContentToken::new(secret).unwrap();
        let check = |kind| {
            let error = ServiceError { call: "asking", kind, retry_after: None };
            Promise("nothing leaks").keeps_secret("an error", &error, &token)
        };
        let reason = |text: &str| ServiceErrorKind::Unreachable { reason: text.to_owned() };
        for leak in [secret, &secret[..24], &secret[secret.len() - 24..]] {
            let broken = check(reason(&format!("<{leak}>"))).unwrap_err();
            assert!(!broken.to_string().contains(leak), "{broken}");
        }
        assert_eq!(check(reason(&secret[..23])), Ok(()));
        assert_eq!(check(ServiceErrorKind::TimedOut { after: Duration::ZERO }), Ok(()));
    }
}
