//! A check as a story: two tenants, their locations, and what they expect of the store.

use std::{fmt::Debug, sync::Arc};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    id::{Actor, LocationId, TenantId},
    token::{ContentToken, Region, Token, TokenName},
    transaction::{AuditEntry, AuditPosition, Decision, Job, Loaded},
};

use super::{Violation, deciding::decided, rows};
use crate::{Apps, LoadScope, Store, StoreError, TenantJob, Tokens};

/// A store under test, and who uses it.
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

    /// Takes a transaction that has to be saved.
    pub(super) async fn turn(&self, tenant: &TenantId, decision: Decision) -> Result<(), Violation> {
        let turn = self.store.transact(tenant, &LoadScope::default(), decided(decision)).await;
        self.works("a turn", turn)
    }

    /// Takes a transaction that has to be refused.
    pub(super) async fn refused(
        &self,
        tenant: &TenantId,
        decision: Decision,
    ) -> Result<StoreError, Violation> {
        match self.store.transact(tenant, &LoadScope::default(), decided(decision)).await {
            Err(error) => Ok(error),
            Ok(()) => Err(self.violation("a turn", "a refusal", "it was saved")),
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

    pub(super) async fn turns_of(&self, tenant: &TenantId) -> Result<u64, Violation> {
        Ok(self.load(tenant, &LoadScope::default()).await?.transaction)
    }

    pub(super) async fn note(&self, tenant: &TenantId, due: &[Job]) -> Result<(), Violation> {
        self.works("noting", self.store.enqueue(tenant, due).await)
    }

    pub(super) async fn due(&self, now: DateTime<Utc>) -> Result<Vec<TenantJob>, Violation> {
        self.due_up_to(now, 100_000).await
    }

    pub(super) async fn due_up_to(
        &self,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<TenantJob>, Violation> {
        self.works("asking what is due", self.store.due_jobs(now, limit).await)
    }

    /// The one row that a tenant has due about a location.
    pub(super) async fn only_due(&self, tenant: &TenantId, location: &LocationId) -> Result<Job, Violation> {
        let mut due = self.due_of(tenant, location).await?;
        match (due.pop(), due.is_empty()) {
            (Some(only), true) => Ok(only),
            (last, _) => Err(self.violation("what is due", "one row", &format!("{due:?} and {last:?}"))),
        }
    }

    pub(super) async fn due_of(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, Violation> {
        self.works("asking what is due of a location", self.store.jobs_of_location(tenant, location).await)
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

    /// What has to work.
    pub(super) fn works<T>(&self, step: &str, result: Result<T, StoreError>) -> Result<T, Violation> {
        result.map_err(|error| self.violation(step, "that it works", &format!("{error} ({})", error.code())))
    }

    /// What has to be refused with this [`StoreError::code`].
    pub(super) fn refused_as(
        &self,
        step: &str,
        code: &'static str,
        error: &StoreError,
    ) -> Result<(), Violation> {
        self.same(step, &code, &error.code())
    }

    /// What has to be equal.
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

/// A value of the suite itself, which the core has to accept.
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
