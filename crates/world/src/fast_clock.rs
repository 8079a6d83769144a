//! A clock that runs faster than the machine's, and that processes can share.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_ports::{Clock, Timer};

/// A clock that runs so many times as fast as the machine's. Written out and read in another process, it shows the same
/// time there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FastClock {
    /// When it was started, by the machine's clock, in microseconds since 1970.
    started: u64,
    /// What it showed then, in seconds since 1970.
    at: i64,
    times: u32,
}

/// A text that is no clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoClock;

impl FastClock {
    /// Starts a clock that shows this time.
    #[must_use]
    pub fn started(at: DateTime<Utc>, times: u32) -> Self {
        Self { started: machine(), at: at.timestamp(), times }
    }

    /// How long something takes by the machine's clock.
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
