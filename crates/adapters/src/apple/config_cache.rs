//! Apple's service config, read once for all calls.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use mdm_vpp_ports::{Clock, ServiceError};
use tokio::sync::Mutex;

use super::{stops::later, wire::ServiceConfig};

/// How long an old config is used after a refresh that failed. Our choice: addresses and limits change rarely, and
/// without a pause every call would wait for another refresh that fails.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// The last service config, and the outcome of the last read.
#[derive(Debug, Default)]
pub(crate) struct ConfigCache {
    known: Mutex<Known>,
    tries: AtomicU64,
}

#[derive(Debug, Default)]
struct Known {
    config: Option<Arc<ServiceConfig>>,
    /// The time within which the config is used without asking. It has a start, so that a clock that was set back ends
    /// it too.
    fresh: Option<(DateTime<Utc>, DateTime<Utc>)>,
    failure: Option<ServiceError>,
    /// The end of the wait that Apple asked for.
    not_before: Option<DateTime<Utc>>,
}

impl ConfigCache {
    /// The config, at most `age` old. Callers that come while it is read share the outcome, good or bad. `read` gets
    /// whether an old config can stand in. A config whose refresh fails stays in use.
    pub(crate) async fn get<F>(
        &self,
        clock: &dyn Clock,
        age: Duration,
        read: impl FnOnce(bool) -> F,
    ) -> Result<Arc<ServiceConfig>, ServiceError>
    where
        F: Future<Output = Result<ServiceConfig, ServiceError>>,
    {
        // Counted before the lock: a caller that waited for it, and finds another count, shares what was read
        // meanwhile.
        let tries = self.tries.load(Ordering::Acquire);
        let mut known = self.known.lock().await;
        if let Some(answer) = known.answer(clock.now(), self.tries.load(Ordering::Acquire) != tries) {
            return answer;
        }
        let outcome = read(known.config.is_some()).await;
        self.tries.fetch_add(1, Ordering::Release);
        known.take(outcome, clock.now(), age)
    }
}

impl Known {
    /// What can be answered without asking Apple. `shared`: another caller asked while this one waited.
    fn answer(&self, now: DateTime<Utc>, shared: bool) -> Option<Result<Arc<ServiceConfig>, ServiceError>> {
        if let (Some(config), Some((from, until))) = (&self.config, self.fresh)
            && (from..until).contains(&now)
        {
            return Some(Ok(config.clone()));
        }
        let failure = self.failure.as_ref()?;
        let rest =
            self.not_before.and_then(|until| (until - now).to_std().ok()).filter(|rest| !rest.is_zero());
        if self.config.is_some() || !(shared || rest.is_some()) {
            return None;
        }
        Some(Err(ServiceError { retry_after: rest, ..failure.clone() }))
    }

    fn take(
        &mut self,
        outcome: Result<ServiceConfig, ServiceError>,
        now: DateTime<Utc>,
        age: Duration,
    ) -> Result<Arc<ServiceConfig>, ServiceError> {
        match outcome {
            Ok(config) => {
                let config = Arc::new(config);
                *self = Self {
                    config: Some(config.clone()),
                    fresh: Some((now, later(now, age))),
                    ..Self::default()
                };
                Ok(config)
            }
            Err(error) => {
                self.not_before = error.retry_after.map(|wait| later(now, wait));
                let pause = error.retry_after.unwrap_or_default().max(AFTER_FAILURE);
                self.fresh = Some((now, later(now, pause)));
                self.failure = Some(error.clone());
                self.config.clone().ok_or(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use chrono::TimeDelta;
    use mdm_vpp_ports::{ServiceErrorKind, fake::ManualClock};

    use super::*;

    const AGE: Duration = Duration::from_secs(300);

    struct Bench {
        cache: ConfigCache,
        clock: ManualClock,
        reads: AtomicU32,
    }

    impl Bench {
        fn new() -> Self {
            let clock = ManualClock::at(DateTime::from_timestamp(1_772_366_400, 0).unwrap());
            Self { cache: ConfigCache::default(), clock, reads: AtomicU32::new(0) }
        }

        async fn get(&self, outcome: Result<(), Option<u64>>) -> Result<Arc<ServiceConfig>, ServiceError> {
            let read = |_| async {
                self.reads.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                outcome.map(|()| ServiceConfig::default()).map_err(|wait| ServiceError {
                    call: "reading the service config",
                    kind: ServiceErrorKind::HttpStatus { status: 503, excerpt: String::new() },
                    retry_after: wait.map(Duration::from_secs),
                })
            };
            self.cache.get(&self.clock, AGE, read).await
        }

        fn reads(&self) -> u32 {
            self.reads.load(Ordering::Relaxed)
        }
    }

    #[tokio::test]
    async fn a_config_is_read_again_when_it_is_five_minutes_old() {
        let bench = Bench::new();
        bench.get(Ok(())).await.unwrap();
        bench.clock.advance(TimeDelta::seconds(299));
        bench.get(Ok(())).await.unwrap();
        assert_eq!(bench.reads(), 1);
        bench.clock.advance(TimeDelta::seconds(1));
        bench.get(Ok(())).await.unwrap();
        assert_eq!(bench.reads(), 2);
    }

    #[tokio::test]
    async fn a_clock_that_was_set_back_does_not_keep_a_config_for_ever() {
        let bench = Bench::new();
        bench.get(Ok(())).await.unwrap();
        bench.clock.advance(TimeDelta::days(-30));
        bench.get(Ok(())).await.unwrap();
        assert_eq!(bench.reads(), 2);
    }

    #[tokio::test]
    async fn callers_that_come_together_share_one_read_also_when_it_fails() {
        for outcome in [Ok(()), Err(None)] {
            let bench = Bench::new();
            let together = tokio::join!(bench.get(outcome), bench.get(outcome), bench.get(outcome));
            assert_eq!(together.0, together.1);
            assert_eq!(together.1, together.2);
            assert_eq!(together.0.is_ok(), outcome.is_ok());
            assert_eq!(bench.reads(), 1);
        }
    }

    #[tokio::test]
    async fn a_refresh_that_fails_leaves_the_old_config_in_use_for_a_while() {
        let bench = Bench::new();
        bench.get(Ok(())).await.unwrap();
        bench.clock.advance(TimeDelta::seconds(300));
        bench.get(Err(None)).await.unwrap();
        bench.get(Err(None)).await.unwrap();
        assert_eq!(bench.reads(), 2, "the second caller came within the pause after the failure");
        bench.clock.advance(TimeDelta::seconds(30));
        bench.get(Ok(())).await.unwrap();
        assert_eq!(bench.reads(), 3);
    }

    #[tokio::test]
    async fn a_first_read_that_fails_is_an_error_and_is_tried_again_by_the_next_caller() {
        let bench = Bench::new();
        bench.get(Err(None)).await.unwrap_err();
        bench.get(Ok(())).await.unwrap();
        assert_eq!(bench.reads(), 2);
    }

    #[tokio::test]
    async fn apple_is_not_asked_before_the_time_that_it_named() {
        let bench = Bench::new();
        bench.get(Err(Some(120))).await.unwrap_err();
        bench.clock.advance(TimeDelta::seconds(20));
        let error = bench.get(Ok(())).await.unwrap_err();
        assert_eq!(error.retry_after, Some(Duration::from_secs(100)));
        assert_eq!(bench.reads(), 1);
        bench.clock.advance(TimeDelta::seconds(100));
        bench.get(Ok(())).await.unwrap();
        assert_eq!(bench.reads(), 2);
    }
}
