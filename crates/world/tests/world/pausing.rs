//! The gate of a process that pauses at one call of its store, as a machine that is suspended does.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use mdm_vpp_ports::{StoreError, fake::Gate};
use tokio::sync::Semaphore;

/// Where a process pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pause {
    /// Before the call with this number is carried out.
    Before(usize),
    /// Between this call and its answer.
    After(usize),
}

/// Pauses once, until it is told to go on.
#[derive(Clone)]
pub(crate) struct Pausing {
    pause: Pause,
    calls: Arc<AtomicUsize>,
    reached: Arc<Semaphore>,
    released: Arc<Semaphore>,
}

impl Pausing {
    pub(crate) fn at(pause: Pause) -> Self {
        let closed = || Arc::new(Semaphore::new(0));
        Self { pause, calls: Arc::default(), reached: closed(), released: closed() }
    }

    /// Comes back when the process pauses.
    pub(crate) async fn reached(&self) {
        self.reached.acquire().await.unwrap().forget();
    }

    pub(crate) fn release(&self) {
        self.released.add_permits(1);
    }

    async fn pause_if(&self, here: Pause) {
        if self.pause == here {
            self.reached.add_permits(1);
            self.released.acquire().await.unwrap().forget();
        }
    }
}

impl Gate for Pausing {
    async fn pass<T: Send>(
        &self,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let number = self.calls.fetch_add(1, Ordering::SeqCst);
        self.pause_if(Pause::Before(number)).await;
        let answer = call.await;
        self.pause_if(Pause::After(number)).await;
        answer
    }
}
