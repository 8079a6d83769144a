//! Pure decisions, brought to the store.

use std::sync::{Arc, Mutex, PoisonError};

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::Token,
    transaction::{Decision, Job, Loaded, TokenChange},
};
use mdm_vpp_ports::{Apps, Decide, Declined, LoadScope, StoreError, Tokens};

use crate::vpp::Context;

/// A decision with an answer for the one who asked for it.
struct Deciding<F, A, R> {
    decide: F,
    verdict: Mutex<Option<Result<A, R>>>,
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
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
        decision
    }
}

/// Why a transaction did not happen: the rules refused it, or the store failed.
pub(crate) enum TransactError<R> {
    Refused(R),
    Store(StoreError),
}

impl Context {
    /// Takes a transaction and answers what the decision answered.
    pub(crate) async fn transact<A, R>(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: impl Fn(&Loaded) -> Result<(Decision, A), R> + Send + Sync + 'static,
    ) -> Result<A, TransactError<R>>
    where
        A: Send + 'static,
        R: Send + 'static,
    {
        let deciding = Arc::new(Deciding { decide, verdict: Mutex::new(None) });
        let saved = self.store.transact(tenant, scope, Arc::clone(&deciding) as Arc<dyn Decide>).await;
        let verdict = deciding.verdict.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (saved, verdict) {
            (Ok(()), Some(Ok(answer))) => Ok(answer),
            (Err(StoreError::Declined), Some(Err(refusal))) => Err(TransactError::Refused(refusal)),
            (Err(error), _) => Err(TransactError::Store(error)),
            // A store that saves without asking, or in spite of a refusal, breaks its contract.
            (Ok(()), _) => Err(TransactError::Store(StoreError::Declined)),
        }
    }

    /// Saves a decision that cannot be refused.
    pub(crate) async fn save(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: impl Fn(&Loaded) -> Decision + Send + Sync + 'static,
    ) -> Result<(), StoreError> {
        let decide = move |loaded: &Loaded| Ok::<_, std::convert::Infallible>((decide(loaded), ()));
        match self.transact(tenant, scope, decide).await {
            Ok(()) => Ok(()),
            Err(TransactError::Store(error)) => Err(error),
            Err(TransactError::Refused(never)) => match never {},
        }
    }

    /// Ends a due row that has nothing left to do.
    pub(crate) async fn complete(&self, tenant: &TenantId, due: &Job) -> Result<(), StoreError> {
        let settled = due.completed();
        self.save(tenant, &LoadScope::default(), move |_| Decision {
            completed: vec![settled.clone()],
            ..Decision::default()
        })
        .await
    }
}

/// A token as it is after a decision.
pub(crate) fn token_after(decision: &Decision, loaded: &Loaded, location: &LocationId) -> Option<Token> {
    let changed = decision.tokens.iter().map(TokenChange::token).find(|token| token.id() == location);
    changed.or_else(|| loaded.token(location)).cloned()
}

/// The scope of one token.
pub(crate) fn one_token(location: &LocationId) -> LoadScope {
    LoadScope { tokens: Tokens::Of(location.clone()), ..LoadScope::default() }
}

/// The scope of a token's page: the token, its assets and their apps.
pub(crate) fn token_page(location: &LocationId) -> LoadScope {
    LoadScope {
        assets_of: Some(location.clone()),
        apps: Apps::AdmittedBy(location.clone()),
        ..one_token(location)
    }
}

/// The scope of rules between tokens.
pub(crate) fn all_tokens() -> LoadScope {
    LoadScope { tokens: Tokens::All, ..LoadScope::default() }
}
