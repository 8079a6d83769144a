//! How many requests were sent.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Counts every request that was handed to the transport: service config, lookups, pages, redirects and retries
/// too. Clones share one count.
#[derive(Debug, Clone, Default)]
pub struct RequestCounter(Arc<AtomicU64>);

impl RequestCounter {
    /// How many requests were sent since the counter was made.
    #[must_use]
    pub fn requests_sent(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
