//! A store of a process that dies, or whose rows of one location are damaged.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use mdm_vpp::{
    id::LocationId,
    ports::{
        Store, StoreError,
        fake::{Gate, GatedStore},
    },
};

/// Carries out a number of calls, and fails all that follow, as a process does that dies.
pub(crate) struct Death {
    calls_left: AtomicUsize,
    damaged: Option<LocationId>,
}

/// A store behind [`Death`].
pub(crate) type DyingStore = GatedStore<Death>;

impl Death {
    /// A store whose process dies after a number of calls; `usize::MAX` for a process that lives.
    pub(crate) fn after(calls: usize, store: Arc<dyn Store>) -> Arc<DyingStore> {
        let gate = Self { calls_left: AtomicUsize::new(calls), damaged: None };
        Arc::new(GatedStore { store, gate })
    }

    /// A store of a process that lives, in which the rows of one location cannot be read.
    pub(crate) fn of_damaged_rows(location: LocationId, store: Arc<dyn Store>) -> Arc<DyingStore> {
        let gate = Self { calls_left: AtomicUsize::new(usize::MAX), damaged: Some(location) };
        Arc::new(GatedStore { store, gate })
    }

    /// How many calls were carried out, when the process was never to die.
    pub(crate) fn calls(&self) -> usize {
        usize::MAX - self.calls_left.load(Ordering::SeqCst)
    }

    pub(crate) fn die(&self) {
        self.calls_left.store(0, Ordering::SeqCst);
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.calls_left.load(Ordering::SeqCst) == 0
    }
}

impl Gate for Death {
    async fn pass<T: Send>(
        &self,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let step = |left: usize| left.checked_sub(1);
        match self.calls_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step) {
            Ok(_) => call.await,
            Err(_) => Err(StoreError::backend("living", "the process is dead")),
        }
    }

    fn may_read(&self, location: &LocationId) -> Result<(), StoreError> {
        if self.damaged.as_ref() != Some(location) {
            return Ok(());
        }
        Err(StoreError::Unreadable { row: format!("tokens {location}"), reason: "one bit is flipped".into() })
    }
}
