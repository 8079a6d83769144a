//! Apple's service config, read once for all who need it.

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

/// After a refresh that failed, an old config is used for so long before the next try (our choice).
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// The last service config, and what became of the last try to read it.
#[derive(Debug, Default)]
pub(crate) struct ConfigCache {
    known: Mutex<Known>,
    tries: AtomicU64,
}

#[derive(Debug, Default)]
struct Known {
    config: Option<Arc<ServiceConfig>>,
    /// From when to when the config is used without asking. A clock that was set back ends it too.
    fresh: Option<(DateTime<Utc>, DateTime<Utc>)>,
    failure: Option<ServiceError>,
    /// Apple asked not to be asked before.
    not_before: Option<DateTime<Utc>>,
}

impl ConfigCache {
    /// The config, at most `age` old. Callers that come while it is read share the outcome, good or bad. `read` is
    /// told whether an old config can stand in. A config whose refresh fails stays in use.
    pub(crate) async fn get<F>(
        &self,
        clock: &dyn Clock,
        age: Duration,
        read: impl FnOnce(bool) -> F,
    ) -> Result<Arc<ServiceConfig>, ServiceError>
    where
        F: Future<Output = Result<ServiceConfig, ServiceError>>,
    {
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
    /// What can be answered without asking Apple. `shared`: somebody asked while this caller waited.
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
#[path = "config_cache_tests.rs"]
mod tests;
