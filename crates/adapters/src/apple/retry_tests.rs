//! The rule as tables.

use mdm_vpp_core::apple_error::ErrorNumber;
use mdm_vpp_ports::AppleError;

use super::*;

const EXCERPT: String = String::new();

fn error(trouble: ServiceErrorKind) -> ServiceError {
    ServiceError { call: "reading the assets", kind: trouble, retry_after: None }
}

fn apple(number: u32, http_status: u16) -> ServiceError {
    let number = ErrorNumber(number);
    let class = ErrorClass::of(number, http_status);
    error(ServiceErrorKind::Apple(AppleError { number, class, message: String::new(), http_status }))
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
fn what_does_not_pass_by_itself_is_told_at_once() {
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
    let asked = |wait| ServiceError { retry_after: Some(Duration::from_millis(wait)), ..apple(9646, 429) };
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
    for trouble in [
        ServiceErrorKind::HttpStatus { status: 403, excerpt: r#"{"errors":[{"code":"40300"}]}"#.into() },
        ServiceErrorKind::NotJson { status: 403, excerpt: "Forbidden".into() },
    ] {
        let error = error(trouble);
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
