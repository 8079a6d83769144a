//! When a request is sent again: the rule, without sleeping.

use std::time::Duration;

use mdm_vpp_core::apple_error::ErrorClass;
use mdm_vpp_ports::{ServiceError, ServiceErrorKind};

/// When a request is sent again, and after which wait.
///
/// Apple's documentation asks for growing waits after error 9646, for quick ones after 9603, and for exact obedience to
/// `Retry-After`. The start of 5 s that grows threefold was observed. The rest is our choice.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// The largest number of times that a request is sent; default 4. It is sent once in any case.
    pub attempts: u32,
    /// The wait after the first passing failure, doubled after each further one; default 500 ms.
    pub first_wait: Duration,
    /// The wait after the first "too many requests", tripled after each further one; default 5 s.
    pub first_wait_when_limited: Duration,
    /// The longest wait within a call, also for `Retry-After`; default 30 s. A `Retry-After` beyond it ends the
    /// call at once.
    pub longest_wait: Duration,
    /// The largest random addition to a wait, as a fraction of it; default 0.25. It keeps many processes from retrying
    /// at once. `Retry-After` is kept exactly.
    pub jitter: f64,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            first_wait: Duration::from_millis(500),
            first_wait_when_limited: Duration::from_secs(5),
            longest_wait: Duration::from_secs(30),
            jitter: 0.25,
        }
    }
}

/// Which of Apple's services answered: they differ in what passes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// App and Book Management.
    Licenses,
    /// The store lookup. A 403 without Apple's error number passes by itself (observed).
    Store,
}

/// What to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryStep {
    /// Wait, then send the same request again.
    RetryAfter(Duration),
    /// Return the error to the caller.
    GiveUp,
}

impl RetryPolicy {
    /// Decides after `attempt` sent requests (1 after the first), the last of which failed with `error`. `chance`
    /// is a number of `0.0..1.0` that spreads the waits.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use mdm_vpp_adapters::apple::{RetryPolicy, RetryStep, Service};
    /// use mdm_vpp_ports::{ServiceError, ServiceErrorKind};
    ///
    /// let error = ServiceError {
    ///     call: "reading the assets",
    ///     kind: ServiceErrorKind::HttpStatus { status: 503, excerpt: String::new() },
    ///     retry_after: Some(Duration::from_secs(7)),
    /// };
    /// let policy = RetryPolicy::default();
    /// assert_eq!(policy.decide(1, &error, Service::Licenses, 0.5), RetryStep::RetryAfter(Duration::from_secs(7)));
    /// assert_eq!(policy.decide(4, &error, Service::Licenses, 0.5), RetryStep::GiveUp);
    /// ```
    #[must_use]
    pub fn decide(&self, attempt: u32, error: &ServiceError, service: Service, chance: f64) -> RetryStep {
        if attempt >= self.attempts || !passes_by_itself(error, service) {
            return RetryStep::GiveUp;
        }
        match error.retry_after {
            Some(asked) if asked > self.longest_wait => RetryStep::GiveUp,
            // "After 0 seconds" asks for no wait. Taken as one, it would repeat the request at once, without the
            // growing wait.
            Some(asked) if !asked.is_zero() => RetryStep::RetryAfter(asked),
            _ => RetryStep::RetryAfter(self.wait(attempt, error, chance)),
        }
    }

    fn wait(&self, attempt: u32, error: &ServiceError, chance: f64) -> Duration {
        let earlier = attempt.saturating_sub(1);
        let (first, factor) =
            if is_rate_limit(error) { (self.first_wait_when_limited, 3_u32) } else { (self.first_wait, 2) };
        let wait = first.saturating_mul(factor.saturating_pow(earlier));
        let spread = 1.0 + self.jitter.clamp(0.0, 1.0) * chance.clamp(0.0, 1.0);
        let longer = wait.as_secs_f64() * spread;
        Duration::try_from_secs_f64(longer).unwrap_or(self.longest_wait).min(self.longest_wait)
    }
}

fn is_rate_limit(error: &ServiceError) -> bool {
    let class = match &error.kind {
        ServiceErrorKind::Apple { error, http_status, .. } => error.class(*http_status),
        ServiceErrorKind::HttpStatus { status, .. } | ServiceErrorKind::NotJson { status, .. } => {
            ErrorClass::of_http_status(*status)
        }
        _ => return false,
    };
    class == ErrorClass::RateLimited
}

fn passes_by_itself(error: &ServiceError, service: Service) -> bool {
    match &error.kind {
        ServiceErrorKind::HttpStatus { status: 403, .. } | ServiceErrorKind::NotJson { status: 403, .. } => {
            service == Service::Store
        }
        // Beside a success, a page that is not JSON is a proxy's and passes. Beside a refusal it may be Apple's own.
        ServiceErrorKind::NotJson { status, .. } => {
            *status < 400 || ErrorClass::of_http_status(*status).is_retryable()
        }
        ServiceErrorKind::HttpStatus { status: 300..=399, .. } => error.retry_after.is_some(),
        ServiceErrorKind::Apple { .. }
        | ServiceErrorKind::HttpStatus { .. }
        | ServiceErrorKind::Truncated { .. }
        | ServiceErrorKind::TimedOut { .. }
        | ServiceErrorKind::Unreachable { .. } => error.is_retryable(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXCERPT: String = String::new();

    fn error(kind: ServiceErrorKind) -> ServiceError {
        ServiceError { call: "reading the assets", kind, retry_after: None }
    }

    fn apple(number: u32, http_status: u16) -> ServiceError {
        ServiceError::apple("reading the assets", number, "", http_status)
    }

    fn waits(error: &ServiceError) -> Vec<u64> {
        let policy = RetryPolicy::default();
        (1..)
            .map_while(|attempt| match policy.decide(attempt, error, Service::Licenses, 0.0) {
                RetryStep::RetryAfter(wait) => Some(u64::try_from(wait.as_millis()).unwrap()),
                RetryStep::GiveUp => None,
            })
            .collect()
    }

    #[test]
    fn too_many_requests_waits_long_and_a_passing_failure_waits_short() {
        let limited = vec![5_000, 15_000, 30_000];
        let passing = vec![500, 1_000, 2_000];
        assert_eq!(waits(&apple(9646, 200)), limited);
        assert_eq!(waits(&apple(9646, 429)), limited);
        assert_eq!(waits(&error(ServiceErrorKind::HttpStatus { status: 429, excerpt: EXCERPT })), limited);
        for error in [
            apple(9603, 500),
            apple(9799, 503),
            error(ServiceErrorKind::HttpStatus { status: 503, excerpt: EXCERPT }),
            error(ServiceErrorKind::NotJson { status: 200, excerpt: EXCERPT }),
            error(ServiceErrorKind::NotJson { status: 502, excerpt: EXCERPT }),
            error(ServiceErrorKind::Truncated { length: 7 }),
            error(ServiceErrorKind::TimedOut { after: Duration::from_secs(60) }),
            error(ServiceErrorKind::Unreachable { reason: "connection refused".into() }),
        ] {
            assert_eq!(waits(&error), passing, "{error}");
        }
    }

    #[test]
    fn what_does_not_pass_by_itself_is_returned_at_once() {
        for error in [
            apple(9625, 200),
            apple(9621, 401),
            apple(9602, 400),
            apple(9650, 400),
            apple(9637, 403),
            apple(9645, 200),
            error(ServiceErrorKind::HttpStatus { status: 404, excerpt: EXCERPT }),
            error(ServiceErrorKind::HttpStatus { status: 403, excerpt: EXCERPT }),
            error(ServiceErrorKind::HttpStatus { status: 302, excerpt: EXCERPT }),
            error(ServiceErrorKind::NotJson { status: 401, excerpt: EXCERPT }),
            error(ServiceErrorKind::NotJson { status: 404, excerpt: EXCERPT }),
            error(ServiceErrorKind::UnexpectedReply { member: "uId".into(), found: "it is missing".into() }),
            error(ServiceErrorKind::TooLarge { limit: 1 }),
            error(ServiceErrorKind::TooManyPages { limit: 1 }),
            error(ServiceErrorKind::AddressRefused { url: String::new(), reason: "" }),
        ] {
            assert_eq!(waits(&error), Vec::<u64>::new(), "{error}");
        }
    }

    #[test]
    fn retry_after_is_kept_exactly_up_to_the_longest_wait() {
        let policy = RetryPolicy::default();
        let asked =
            |wait| ServiceError { retry_after: Some(Duration::from_millis(wait)), ..apple(9646, 429) };
        let decide = |wait| policy.decide(1, &asked(wait), Service::Licenses, 1.0);
        assert_eq!(decide(1), RetryStep::RetryAfter(Duration::from_millis(1)));
        assert_eq!(decide(30_000), RetryStep::RetryAfter(Duration::from_secs(30)));
        assert_eq!(decide(30_001), RetryStep::GiveUp);
        assert_eq!(
            decide(0),
            RetryStep::RetryAfter(Duration::from_millis(6_250)),
            "no time is no wait of Apple's"
        );
        let redirect = ServiceError {
            retry_after: Some(Duration::from_secs(2)),
            ..error(ServiceErrorKind::HttpStatus { status: 302, excerpt: EXCERPT })
        };
        assert_eq!(
            policy.decide(1, &redirect, Service::Licenses, 0.0),
            RetryStep::RetryAfter(Duration::from_secs(2))
        );
    }

    #[test]
    fn the_store_forgives_a_403_without_a_number() {
        let policy = RetryPolicy::default();
        for kind in [
            ServiceErrorKind::HttpStatus { status: 403, excerpt: r#"{"errors":[{"code":"40300"}]}"#.into() },
            ServiceErrorKind::NotJson { status: 403, excerpt: "Forbidden".into() },
        ] {
            let error = error(kind);
            assert_ne!(policy.decide(1, &error, Service::Store, 0.0), RetryStep::GiveUp);
            assert_eq!(policy.decide(4, &error, Service::Store, 0.0), RetryStep::GiveUp);
            assert_eq!(policy.decide(1, &error, Service::Licenses, 0.0), RetryStep::GiveUp);
        }
        assert_eq!(policy.decide(1, &apple(9637, 403), Service::Store, 0.0), RetryStep::GiveUp);
    }

    #[test]
    fn chance_makes_a_wait_longer_by_a_quarter_at_most() {
        let policy = RetryPolicy::default();
        let wait = |chance| policy.decide(1, &apple(9603, 500), Service::Licenses, chance);
        assert_eq!(wait(0.0), RetryStep::RetryAfter(Duration::from_millis(500)));
        assert_eq!(wait(1.0), RetryStep::RetryAfter(Duration::from_millis(625)));
    }

    #[test]
    fn absurd_policies_do_not_panic() {
        let policy = RetryPolicy {
            attempts: u32::MAX,
            first_wait: Duration::MAX,
            first_wait_when_limited: Duration::MAX,
            longest_wait: Duration::MAX,
            jitter: f64::NAN,
        };
        for attempt in [0, 1, 40, u32::MAX - 1] {
            assert_ne!(
                policy.decide(attempt, &apple(9646, 429), Service::Licenses, f64::INFINITY),
                RetryStep::GiveUp
            );
        }
        let never = RetryPolicy { attempts: 0, ..RetryPolicy::default() };
        assert_eq!(never.decide(1, &apple(9646, 429), Service::Licenses, 0.0), RetryStep::GiveUp);
    }
}
