//! The gate of a process that may die at any call of its store, before it is carried out or after.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use mdm_vpp_ports::StoreError;

use crate::{Chance, Faults, gated_store::Gate};

pub(crate) struct Crashes {
    pub(crate) chance: Arc<Chance>,
    pub(crate) faults: Arc<Mutex<Faults>>,
    /// Whether the process has died: nothing it asks for is done any more.
    pub(crate) dead: Arc<AtomicBool>,
}

impl Gate for Crashes {
    async fn pass<T: Send>(
        &self,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let died = || StoreError::backend("living", "the process died");
        let crashes = self.faults.lock().unwrap_or_else(PoisonError::into_inner).crashes;
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
