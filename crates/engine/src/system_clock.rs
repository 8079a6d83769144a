//! The clock of the machine.

use chrono::{DateTime, Utc};
use mdm_vpp_ports::Clock;

/// The clock of the machine, the engine's default.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
