//! The port to the database.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::ContentToken,
    transaction::{AuditEntry, AuditPosition, Decision, Job, Loaded},
};

use crate::{Lease, LeaseHolder, LoadScope, Receipt, ReceivedNotification, StoreError};

/// A database. Every method is one whole transaction: no open transaction crosses into the caller.
///
/// A tenant sees nothing of another tenant. The only rule across tenants is that a location has one token. A tenant
/// exists from its first transaction on.
///
/// Times come back exactly as they were saved, with three exceptions. The time of a job and the expiry of a lease are
/// stored in whole microseconds, rounded down. [`Seat::touched_at`](mdm_vpp_core::seats::Seat::touched_at) and
/// [`WaitlistEntry::since`](mdm_vpp_core::location::WaitlistEntry::since) are stored in whole microseconds, rounded up:
/// a read that began before a touch says nothing about the seat, so a stored touch must never seem earlier than it was.
///
/// An implementation must pass the suite in `mdm_vpp_ports::conformance::store`.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Store: Send + Sync {
    /// Runs a transaction: locks the tenant, loads what `scope` names, calls `decide`, saves the decision and counts the
    /// transaction. An empty decision saves nothing and counts no transaction. When the database asks to repeat the
    /// transaction, `decide` is called again and its last decision counts.
    ///
    /// Completed jobs are deleted first, then everything else is saved, tokens before the rest. Pools, admissions and
    /// the rows of a location's assignments need the location's token in this tenant. A seat and a waitlist entry need
    /// their pool. Changes of a location need a scope that names it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Declined`] when `decide` declined; [`StoreError::LocationInOtherTenant`],
    /// [`StoreError::LocationTaken`] and [`StoreError::NameTaken`] for a token that cannot stand beside the others;
    /// [`StoreError::UnknownToken`] for a change of a token, a pool, an admission or a location without a token in this
    /// tenant; [`StoreError::LeaseLost`] when the scope's lease is over, which is checked before `decide` is called;
    /// [`StoreError::UnknownPool`] for a seat or a waitlist entry whose pool neither exists nor is in the decision;
    /// [`StoreError::Misplaced`] for a change of a location that the scope does not name; [`StoreError::Sealing`]; or a
    /// failure of the database. Nothing was saved then.
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError>;

    /// Loads what `scope` names, as of one moment, without a lock. The scope's lease is not checked. An unknown tenant
    /// is empty, and a location without a token in the tenant loads as `None`.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError>;

    /// Grants or renews the lease of a location: `holder` has it for `period` from now on, by the store's clock. A holder
    /// that renews in time keeps its epoch; any other grant increases it. Answers with `None` while another holder has
    /// the lease.
    ///
    /// A lease is never shortened except by [`Store::end_lease`]. Renewal only extends it, so a holder may rely on the
    /// expiry it was given, and epochs strictly increase. A clock that is set back therefore extends leases and grants
    /// none. When another holder asks, the rest of a lease is cut to one hour, so a clock that was far ahead locks a
    /// location for one hour at most. A clock that is set forward ends leases early: the next session may begin while a
    /// call of the last one is under way. The last session can save nothing then, and the next one takes the requests it
    /// wrote as lost.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the database.
    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        holder: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError>;

    /// Gives a lease back before its expiry. Does nothing when a later lease was granted.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn end_lease(&self, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError>;

    /// Opens the secret of a token.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], [`StoreError::Sealing`], or a failure of the database.
    async fn content_token(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<StoredContentToken, StoreError>;

    /// Enqueues jobs. A job of the same kind and subject keeps the earlier of both times, gets the next generation and
    /// takes the new number of tries. Takes no lock on the tenant.
    ///
    /// The store counts generations and ignores those that are given. A job that comes back after it was completed never
    /// gets a generation that it had before, so a worker that loaded it long ago completes nothing that was enqueued
    /// since.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn enqueue(&self, tenant: &TenantId, jobs: &[Job]) -> Result<(), StoreError>;

    /// Records a notification and enqueues its jobs for the tenant that has the location, unless a notification with its
    /// id was recorded before. Takes no lock on the tenant.
    ///
    /// A notification is kept for at least one hour, by the times at which notifications were received. Recording another
    /// one of the location may delete older ones.
    ///
    /// # Errors
    ///
    /// A failure of the database. Nothing was saved then, and the notification may be recorded again.
    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError>;

    /// The jobs of all tenants that are due at `now`, at most `limit`, the oldest first. Jobs of the same time come by
    /// tenant, then by [`JobKind::key`](mdm_vpp_core::transaction::JobKind::key), as text. This method and the next two
    /// pass over jobs of a kind that this version does not know.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError>;

    /// All jobs of a tenant about a location, also those that are not due yet, the oldest first.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError>;

    /// The time of the earliest job of all tenants, UTC; `None` when there is no job.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// The entries of a tenant's audit log after a position, in order, at most `limit`.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn audit_since(
        &self,
        tenant: &TenantId,
        after: AuditPosition,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError>;
}

/// A pure decision that a store calls in the middle of its transaction.
pub trait Decide: Send + Sync {
    /// Decides. It must not block, and must give the same decision for the same input.
    ///
    /// # Errors
    ///
    /// [`Declined`] to save nothing; the decision keeps the reason for its caller.
    fn decide(&self, loaded: &Loaded) -> Result<Decision, Declined>;
}

/// A decision to save nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declined;

/// An opened secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredContentToken {
    /// The secret.
    pub content_token: ContentToken,
    /// The generation of the token that it belongs to.
    pub generation: u32,
}

/// A job with its tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantJob {
    /// The tenant.
    pub tenant: TenantId,
    /// The job.
    pub job: Job,
}
