//! The fixture of every check: a store with two tenants and their locations, and how a decision is given to the store.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    id::{Actor, LocationId, TenantId},
    token::{ContentToken, Region, Token, TokenName},
    transaction::{AuditEntry, AuditPosition, Decision, Job, Loaded},
};

use super::{Violation, rows};
use crate::{Apps, Decide, Declined, LoadScope, Store, StoreError, TenantJob, Tokens};

/// A store under test, with two tenants, their locations and the check that uses them.
pub(super) struct StoreFixture {
    pub(super) check: &'static str,
    pub(super) store: Arc<dyn Store>,
    pub(super) acme: TenantId,
    pub(super) globex: TenantId,
    pub(super) berlin: LocationId,
    pub(super) munich: LocationId,
    pub(super) ada: Actor,
    pub(super) germany: Region,
}

impl StoreFixture {
    pub(super) fn begin(check: &'static str, store: Arc<dyn Store>) -> Result<Self, Violation> {
        Ok(Self {
            check,
            store,
            acme: build(check, TenantId::new("acme"))?,
            globex: build(check, TenantId::new("globex"))?,
            berlin: build(check, LocationId::new("2049025000431439"))?,
            munich: build(check, LocationId::new("2049025000431440"))?,
            ada: build(check, Actor::new("ada@example.org"))?,
            germany: build(check, Region::new("DE"))?,
        })
    }

    pub(super) fn location(&self, id: &str) -> Result<LocationId, Violation> {
        build(self.check, LocationId::new(id))
    }

    pub(super) fn token(&self, location: &LocationId, name: &str) -> Result<Token, Violation> {
        Ok(rows::token(location, build(self.check, TokenName::new(name))?, self.germany))
    }

    pub(super) fn secret(&self, text: &str) -> Result<ContentToken, Violation> {
        build(self.check, ContentToken::new(text))
    }

    /// A decision that adds a token with a secret of its own.
    pub(super) fn upload(&self, location: &LocationId, name: &str) -> Result<Decision, Violation> {
        let secret = self.secret(&format!("secret-of-{location}"))?;
        Ok(rows::insert(self.token(location, name)?, secret))
    }

    /// Saves a decision in a transaction that must succeed.
    pub(super) async fn save(&self, tenant: &TenantId, decision: Decision) -> Result<(), Violation> {
        let saved = self.store.transact(tenant, &LoadScope::default(), decided(decision)).await;
        self.works("a transaction", saved)
    }

    /// Tries to save a decision in a transaction that must be refused.
    pub(super) async fn refused(
        &self,
        tenant: &TenantId,
        decision: Decision,
    ) -> Result<StoreError, Violation> {
        match self.store.transact(tenant, &LoadScope::default(), decided(decision)).await {
            Err(error) => Ok(error),
            Ok(()) => Err(self.violation("a transaction", "a refusal", "it was saved")),
        }
    }

    pub(super) async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, Violation> {
        self.works("loading", self.store.load(tenant, scope).await)
    }

    /// Everything of a tenant that can be loaded at once, with the assets of one location.
    pub(super) async fn all_of(&self, tenant: &TenantId, location: &LocationId) -> Result<Loaded, Violation> {
        let scope = LoadScope {
            tokens: Tokens::All,
            assets_of: Some(location.clone()),
            apps: Apps::All,
            location: None,
        };
        self.load(tenant, &scope).await
    }

    pub(super) async fn transactions_of(&self, tenant: &TenantId) -> Result<u64, Violation> {
        Ok(self.load(tenant, &LoadScope::default()).await?.transaction)
    }

    pub(super) async fn enqueue(&self, tenant: &TenantId, jobs: &[Job]) -> Result<(), Violation> {
        self.works("enqueueing", self.store.enqueue(tenant, jobs).await)
    }

    pub(super) async fn jobs_due(&self, now: DateTime<Utc>) -> Result<Vec<TenantJob>, Violation> {
        self.jobs_due_up_to(now, 100_000).await
    }

    pub(super) async fn jobs_due_up_to(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<TenantJob>, Violation> {
        self.works("reading the jobs that are due", self.store.due_jobs(now, limit).await)
    }

    /// The only job of a tenant about a location.
    pub(super) async fn only_job(&self, tenant: &TenantId, location: &LocationId) -> Result<Job, Violation> {
        let mut jobs = self.jobs_of(tenant, location).await?;
        match (jobs.pop(), jobs.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => Err(self.violation("the jobs", "one job", &format!("{jobs:?} and {last:?}"))),
        }
    }

    pub(super) async fn jobs_of(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, Violation> {
        self.works("reading the jobs of a location", self.store.jobs_of_location(tenant, location).await)
    }

    pub(super) async fn audit(&self, tenant: &TenantId) -> Result<Vec<AuditEntry>, Violation> {
        self.audit_after(tenant, AuditPosition::default(), 100_000).await
    }

    pub(super) async fn audit_after(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, Violation> {
        self.works("reading the audit log", self.store.audit_since(tenant, after, limit).await)
    }

    /// Something that must work.
    pub(super) fn works<T>(&self, step: &str, result: Result<T, StoreError>) -> Result<T, Violation> {
        result.map_err(|error| self.violation(step, "that it works", &format!("{error} ({})", error.code())))
    }

    /// An error that must have this [`StoreError::code`].
    pub(super) fn refused_as(
        &self,
        step: &str,
        code: &'static str,
        error: &StoreError,
    ) -> Result<(), Violation> {
        self.same(step, &code, &error.code())
    }

    /// Two values that must be equal.
    pub(super) fn same<T: PartialEq + Debug + ?Sized>(
        &self,
        step: &str,
        expected: &T,
        found: &T,
    ) -> Result<(), Violation> {
        if expected == found {
            return Ok(());
        }
        Err(self.violation(step, &format!("{expected:?}"), &format!("{found:?}")))
    }

    pub(super) fn violation(&self, step: &str, expected: &str, found: &str) -> Violation {
        Violation {
            check: self.check,
            step: step.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }
}

/// A value of the suite itself, which the core must accept.
pub(super) fn build<T, E: std::fmt::Display>(
    check: &'static str,
    value: Result<T, E>,
) -> Result<T, Violation> {
    value.map_err(|error| Violation {
        check,
        step: "a value of the suite".to_owned(),
        expected: "that the core accepts it".to_owned(),
        found: error.to_string(),
    })
}

/// A decision that is made already.
pub(super) fn decided(decision: Decision) -> Arc<dyn Decide> {
    deciding(move |_| Ok(decision.clone()))
}

/// A decision that a function makes.
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

/// A decision that keeps what it was given and saves nothing.
#[derive(Default)]
pub(super) struct Watching {
    observed: Mutex<Option<Loaded>>,
}

impl Watching {
    /// The rows that the last call was given.
    pub(super) fn observed(&self) -> Option<Loaded> {
        self.observed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Decide for Watching {
    fn decide(&self, loaded: &Loaded) -> Result<Decision, Declined> {
        *self.observed.lock().unwrap_or_else(PoisonError::into_inner) = Some(loaded.clone());
        Ok(Decision::default())
    }
}
