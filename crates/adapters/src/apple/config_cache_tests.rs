//! When the service config is read, and when not.

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
async fn nobody_asks_before_the_time_that_apple_named() {
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
