//! The clock of the machine, by which leases end unless a store is given another one.

use chrono::{DateTime, Utc};
use mdm_vpp_ports::Clock;

pub(crate) struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
