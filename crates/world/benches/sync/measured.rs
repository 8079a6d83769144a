//! The cost of a call for this process: time, CPU time and memory.

use std::{
    fs,
    time::{Duration, Instant},
};

use rustix::time::{ClockId, clock_gettime};

/// The cost of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) time: Duration,
    /// CPU time of all threads of this process, and of no other process.
    pub(crate) cpu: Duration,
}

/// Awaits a call and measures it.
pub(crate) async fn measured<T>(act: impl Future<Output = T>) -> (T, Cost) {
    let (begun, before) = (Instant::now(), cpu());
    let answer = act.await;
    (answer, Cost { time: begun.elapsed(), cpu: cpu().saturating_sub(before) })
}

fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The peak memory of this process so far, in bytes; `None` where the system does not tell.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1024)
}
