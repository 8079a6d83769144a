//! How long an answer is waited for, so that a server that stands still holds nobody for ever.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use mdm_vpp_ports::StoreError;
use tokio::time::timeout;
use tokio_postgres::Error;

use super::failure::{failed, late};

/// How much later than the server we give up: it should be the one who says that something took too long.
pub(super) const MARGIN: Duration = Duration::from_secs(5);

/// The patience with a connection.
pub(super) struct Patience {
    limit: Duration,
    answers: AtomicU64,
    is_over: AtomicBool,
}

impl Patience {
    pub(super) const fn new(limit: Duration) -> Self {
        Self { limit, answers: AtomicU64::new(0), is_over: AtomicBool::new(false) }
    }

    /// Whether an answer was waited for in vain. Nothing may be asked on this connection any more.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Waits for an answer.
    pub(super) fn answer<T>(
        &self,
        doing: &'static str,
        asked: impl Future<Output = Result<T, Error>>,
    ) -> impl Future<Output = Result<T, StoreError>> {
        // In a box, for futures within futures would grow until no stack has room for them.
        let mut asked = Box::pin(asked);
        async move {
            while !self.is_over() {
                let before = self.answers.load(Ordering::Relaxed);
                if let Ok(answer) = timeout(self.limit, asked.as_mut()).await {
                    self.answers.fetch_add(1, Ordering::Relaxed);
                    return answer.map_err(failed(doing));
                }
                // What is sent at once is answered one after the other: each may take its time.
                if self.answers.load(Ordering::Relaxed) == before {
                    self.is_over.store(true, Ordering::Relaxed);
                }
            }
            Err(late(doing))
        }
    }
}
