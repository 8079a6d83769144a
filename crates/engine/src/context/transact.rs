//! A pure decision, brought to the store.

use std::{
    convert::Infallible,
    sync::{Mutex, PoisonError},
};

use mdm_vpp_core::transaction::{Decision, Loaded};
use mdm_vpp_ports::{Decide, Declined, StoreError};

/// A decision whose answer stays here for its caller: the store carries only what is to be saved.
pub(super) struct Deciding<F, A, R> {
    decide: F,
    verdict: Mutex<Option<Result<A, R>>>,
}

impl<F, A, R> Deciding<F, A, R> {
    pub(super) const fn new(decide: F) -> Self {
        Self { decide, verdict: Mutex::new(None) }
    }

    /// What the last call of the decision answered; `None` when the store never called it.
    pub(super) fn take_verdict(&self) -> Option<Result<A, R>> {
        self.verdict.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<F, A, R> Decide for Deciding<F, A, R>
where
    F: Fn(&Loaded) -> Result<(Decision, A), R> + Send + Sync,
    A: Send,
    R: Send,
{
    fn decide(&self, loaded: &Loaded) -> Result<Decision, Declined> {
        let (decision, verdict) = match (self.decide)(loaded) {
            Ok((decision, answer)) => (Ok(decision), Ok(answer)),
            Err(refusal) => (Err(Declined), Err(refusal)),
        };
        // A store that repeats a transaction decides again: the last verdict counts.
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
        decision
    }
}

/// Why a transaction did not happen: the rules refused it, or the store failed.
pub(crate) enum TransactError<R> {
    Refused(R),
    Store(StoreError),
}

impl TransactError<Infallible> {
    /// The store's error, where the rules refuse nothing.
    pub(super) fn store(self) -> StoreError {
        match self {
            Self::Store(error) => error,
            Self::Refused(never) => match never {},
        }
    }
}

impl TransactError<StoreError> {
    /// The store's error, where a refusal is one too.
    pub(crate) fn into_store(self) -> StoreError {
        match self {
            Self::Store(error) | Self::Refused(error) => error,
        }
    }
}
