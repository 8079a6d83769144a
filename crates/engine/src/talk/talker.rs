//! The talker of a location: the one process that may call Apple about it now.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::TimeDelta;
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    seats::Epoch,
    talk::decide_orphans,
    token::{ContentToken, TokenOperation},
};
use mdm_vpp_ports::{AssignmentService, Lease, Requests, Seats, ServiceLimits, StoreError, TalkerId};

use super::{
    calls::{TalkError, talk_error},
    scopes,
};
use crate::{turns::one_token, vpp::Parts};

/// How long a lease is.
const LEASE_SECONDS: i64 = 120;
/// A lease with less than this left is renewed before the next call: a call may take as long as the port allows, and the
/// lease has to outlast it.
const RENEWED_BELOW_SECONDS: i64 = 80;

/// Who this process is to the store, and which locations it has cleaned up after another talker.
pub(crate) struct TalkerState {
    id: TalkerId,
    cleaned: Mutex<BTreeMap<LocationId, Epoch>>,
}

/// The right to talk about a location, with what is needed for it.
pub(crate) struct Talker<'p> {
    pub(super) parts: &'p Parts,
    pub(super) tenant: &'p TenantId,
    pub(super) lease: Lease,
    pub(super) service: Arc<dyn AssignmentService>,
    pub(super) secret: ContentToken,
    pub(super) limits: ServiceLimits,
}

/// Whether this process may talk now.
pub(crate) enum Taking<'p> {
    /// It may.
    Talker(Box<Talker<'p>>),
    /// Another process talks, or this one has no service to talk to.
    Elsewhere,
    /// The token's status forbids it.
    Forbidden,
    /// Its token was deleted.
    Gone,
}

impl TalkerState {
    /// A new talker for every start of a process.
    pub(crate) fn new() -> Self {
        let id = getrandom::u64().unwrap_or_default();
        let id = TalkerId(format!("{id:016x}-{}", std::process::id()));
        Self { id, cleaned: Mutex::default() }
    }
}

impl Parts {
    /// Takes the lease of a location, and cleans up after an earlier talker.
    pub(super) async fn take<'p>(
        &'p self,
        tenant: &'p TenantId,
        location: &LocationId,
        operation: TokenOperation,
    ) -> Result<Taking<'p>, TalkError> {
        let Some(service) = self.assignments.clone() else { return Ok(Taking::Elsewhere) };
        let loaded = self.store.load(tenant, &one_token(location)).await?;
        let Some(token) = loaded.token(location) else { return Ok(Taking::Gone) };
        if !token.status(self.clock.now()).allows(operation) {
            return Ok(Taking::Forbidden);
        }
        let period = TimeDelta::seconds(LEASE_SECONDS);
        let Some(lease) = self.store.lease(tenant, location, &self.talker.id, period).await? else {
            return Ok(Taking::Elsewhere);
        };
        self.clean_up(tenant, &lease).await?;
        let secret = self.store.content_token(tenant, location).await?.content_token;
        let limits = service.limits().await.map_err(talk_error)?;
        Ok(Taking::Talker(Box::new(Talker { parts: self, tenant, lease, service, secret, limits })))
    }

    /// What a talker of an earlier lease wrote and did not hear of is lost. Its lease was over when ours began.
    async fn clean_up(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
        let cleaned =
            |state: &TalkerState| state.cleaned.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if cleaned(&self.talker).get(&lease.location) == Some(&lease.epoch) {
            return Ok(());
        }
        let scope = scopes::heard(lease, Requests::Open, Seats::OfRequests);
        let (epoch, now) = (lease.epoch, self.clock.now());
        self.save_talk(tenant, scope, move |rows| decide_orphans(rows, epoch, now, now)).await?;
        let mut cleaned = self.talker.cleaned.lock().unwrap_or_else(PoisonError::into_inner);
        cleaned.insert(lease.location.clone(), lease.epoch);
        Ok(())
    }
}

impl Talker<'_> {
    pub(super) const fn location(&self) -> &LocationId {
        &self.lease.location
    }

    /// Whether the lease is about to end.
    pub(super) fn has_to_stay(&self) -> bool {
        let left = self.lease.until.signed_duration_since(self.parts.clock.now());
        left < TimeDelta::seconds(RENEWED_BELOW_SECONDS)
    }

    /// Renews the lease when it is about to end.
    pub(super) async fn stay(&mut self) -> Result<(), StoreError> {
        if !self.has_to_stay() {
            return Ok(());
        }
        let period = TimeDelta::seconds(LEASE_SECONDS);
        let renewed =
            self.parts.store.lease(self.tenant, self.location(), &self.parts.talker.id, period).await?;
        match renewed {
            Some(lease) if lease.epoch == self.lease.epoch => {
                self.lease = lease;
                Ok(())
            }
            _ => Err(StoreError::LeaseLost { location: self.location().clone() }),
        }
    }
}
