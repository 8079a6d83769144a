//! A process of the embedder that may die at any call of its store.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use mdm_vpp_engine::Vpp;
use mdm_vpp_ports::{StoreError, fake::Gate};

use crate::{Chance, Faults};

/// A process until it dies.
pub(crate) struct Process {
    pub(crate) vpp: Vpp,
    pub(crate) dead: Arc<AtomicBool>,
}

impl Process {
    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }
}

/// Kills its process at some calls of the store, before or after the call is carried out.
pub(crate) struct Crashes {
    pub(crate) chance: Arc<Chance>,
    pub(crate) faults: Arc<Mutex<Faults>>,
    /// Whether the process has died. From then on no call of it is carried out.
    pub(crate) dead: Arc<AtomicBool>,
}

impl Gate for Crashes {
    async fn pass<T: Send>(
        &self,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let died = || StoreError::backend("living", "the process died");
        let crashes = self.faults.lock().unwrap_or_else(PoisonError::into_inner).crashes;
        // Both are drawn at every call, so that a seed makes the same draws whether or not the process dies.
        let dies = self.chance.percent(crashes);
        let before = self.chance.percent(50);
        if self.dead.load(Ordering::SeqCst) || (dies && before) {
            self.dead.store(true, Ordering::SeqCst);
            return Err(died());
        }
        let answer = call.await;
        if dies {
            self.dead.store(true, Ordering::SeqCst);
            return Err(died());
        }
        answer
    }
}
