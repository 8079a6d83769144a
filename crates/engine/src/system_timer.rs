//! The machine's way to wait.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_timer::Delay;
use mdm_vpp_ports::Timer;

/// Waits by the machine's clock, on any runtime; the engine's default.
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
