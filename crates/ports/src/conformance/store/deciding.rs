//! Decisions of the suite, as the port wants them.

use std::sync::{Arc, Mutex, PoisonError};

use mdm_vpp_core::transaction::{Decision, Loaded};

use crate::{Decide, Declined};

/// A decision that was made before.
pub(super) fn decided(decision: Decision) -> Arc<dyn Decide> {
    deciding(move |_| Ok(decision.clone()))
}

/// A decision by a function.
pub(super) fn deciding(
    decide: impl Fn(&Loaded) -> Result<Decision, Declined> + Send + Sync + 'static,
) -> Arc<dyn Decide> {
    Arc::new(ByFunction(decide))
}

struct ByFunction<F>(F);

impl<F: Fn(&Loaded) -> Result<Decision, Declined> + Send + Sync> Decide for ByFunction<F> {
    fn decide(&self, loaded: &Loaded) -> Result<Decision, Declined> {
        (self.0)(loaded)
    }
}

/// Remembers what a decision was given; decides nothing.
#[derive(Default)]
pub(super) struct Watching {
    seen: Mutex<Option<Loaded>>,
}

impl Watching {
    /// What the last decision was given.
    pub(super) fn seen(&self) -> Option<Loaded> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Decide for Watching {
    fn decide(&self, loaded: &Loaded) -> Result<Decision, Declined> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(loaded.clone());
        Ok(Decision::default())
    }
}
