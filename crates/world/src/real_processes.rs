//! What real processes on real databases need: the library over HTTP, its keys, and a fast clock that they share.

use std::{
    fmt,
    str::FromStr,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_adapters::apple::{AppleClient, AppleSettings};
use mdm_vpp_core::id::InstallationId;
use mdm_vpp_engine::{AppleServices, Vpp};
use mdm_vpp_ports::{Clock, Store, Timer};
use mdm_vpp_store::sealing::{KeyId, KeyRing, SealingKey};

use crate::BoxError;

/// Builds the library over HTTP with a store and a clock, for a simulated service at `base_url`.
///
/// # Errors
///
/// An address that is not a URL.
pub fn library<C: Clock + Timer + 'static>(
    store: Arc<dyn Store>,
    base_url: &str,
    clock: Arc<C>,
) -> Result<Vpp, BoxError> {
    let client = AppleClient::with_reqwest(AppleSettings::at(base_url), clock.clone())?;
    let (licenses, assignments) = (client.license_service(), client.assignment_service());
    let apple =
        AppleServices::new(Arc::new(licenses), Arc::new(assignments), Arc::new(client.store_lookup()));
    Ok(Vpp::builder(store, apple, InstallationId::new("world")?).time(clock.clone(), clock).build())
}

/// The key with which all processes seal tokens.
///
/// # Errors
///
/// None: both texts are constants that parse.
pub fn key_ring() -> Result<KeyRing, BoxError> {
    Ok(KeyRing::new(KeyId::new("world")?, SealingKey::parse("00112233".repeat(8))?))
}

/// A clock that runs a number of times as fast as the machine's. Its text, parsed in another process, is a clock that
/// shows the same time there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FastClock {
    /// The machine's time at the start, in microseconds since 1970.
    started: u64,
    /// The time that the clock showed at its start, in seconds since 1970.
    at: i64,
    /// How many times as fast as the machine's clock it runs.
    times: u32,
}

/// The error of a text that is not a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoClock;

impl FastClock {
    /// Starts a clock that shows `at` now.
    #[must_use]
    pub fn started(at: DateTime<Utc>, times: u32) -> Self {
        Self { started: machine(), at: at.timestamp(), times }
    }

    /// The machine's time in which `time` passes on this clock.
    #[must_use]
    pub fn really(&self, time: TimeDelta) -> Duration {
        time.to_std().unwrap_or_default() / self.times.max(1)
    }
}

fn machine() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

impl Clock for FastClock {
    fn now(&self) -> DateTime<Utc> {
        let passed = machine().saturating_sub(self.started).saturating_mul(u64::from(self.times));
        let passed = TimeDelta::microseconds(i64::try_from(passed).unwrap_or(i64::MAX));
        let at = DateTime::from_timestamp(self.at, 0).unwrap_or(DateTime::UNIX_EPOCH);
        at.checked_add_signed(passed).unwrap_or(at)
    }
}

#[async_trait]
impl Timer for FastClock {
    async fn wait_until(&self, at: DateTime<Utc>) {
        tokio::time::sleep(self.really(at - self.now())).await;
    }
}

impl fmt::Display for FastClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}", self.started, self.at, self.times)
    }
}

impl FromStr for FastClock {
    type Err = NoClock;

    fn from_str(text: &str) -> Result<Self, NoClock> {
        let mut parts = text.splitn(3, ',');
        let mut part = || parts.next().ok_or(NoClock);
        let (started, at, times) = (part()?, part()?, part()?);
        Ok(Self {
            started: started.parse().map_err(|_| NoClock)?,
            at: at.parse().map_err(|_| NoClock)?,
            times: times.parse().map_err(|_| NoClock)?,
        })
    }
}

impl fmt::Display for NoClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a clock")
    }
}

impl std::error::Error for NoClock {}
