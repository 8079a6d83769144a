//! The clock of the machine, and waiting by it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_timer::Delay;
use mdm_vpp_ports::{Clock, Timer};

/// The clock of the machine, the engine's default.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Waits by the machine's clock; the engine's default. It needs no particular async runtime: a thread of its own wakes
/// what waits.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemTimer;

#[async_trait]
impl Timer for SystemTimer {
    async fn wait_until(&self, at: DateTime<Utc>) {
        if let Ok(wait) = at.signed_duration_since(Utc::now()).to_std() {
            Delay::new(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::Arc,
        task::{Context, Poll, Wake, Waker},
        thread::{self, Thread},
    };

    use chrono::TimeDelta;

    use super::*;

    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    #[test]
    fn the_system_timer_waits_without_an_async_runtime() {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let at = Utc::now() + TimeDelta::milliseconds(30);
        let mut wait = SystemTimer.wait_until(at);
        while wait.as_mut().poll(&mut Context::from_waker(&waker)) == Poll::Pending {
            thread::park();
        }
        assert!(SystemClock.now() >= at);
    }
}
