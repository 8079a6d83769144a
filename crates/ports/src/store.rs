//! Where state is kept.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::ContentToken,
    transaction::{AuditEntry, AuditPosition, Decision, Job, Loaded},
};

use crate::{Lease, LeaseHolder, LoadScope, Receipt, ReceivedNotification, StoreError};

/// A store. Every method is one whole transaction: no open transaction crosses into the caller.
///
/// Nothing of one tenant is visible in another; the one rule across tenants is that a location has one token.
/// Tenants come into being with their first transaction.
///
/// Times are kept as they are, but for three. When something is due, and when a lease ends, is kept to the microsecond,
/// cut off. [`Seat::touched_at`](mdm_vpp_core::seats::Seat::touched_at) and
/// [`WaitlistEntry::since`](mdm_vpp_core::location::WaitlistEntry::since) are kept to the microsecond, rounded up: a seat that was
/// read back must not look as if it was touched before a reading that began earlier than the touch.
///
/// Implementations have to pass the suite in `mdm_vpp_ports::conformance::store`.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Store: Send + Sync {
    /// Takes a transaction: locks the tenant, loads what `scope` asks for, lets `decide` decide, saves the decision and
    /// counts the transaction. A decision that is empty saves nothing and counts no transaction. `decide` may be called again
    /// when the database asks to repeat the transaction; the last call counts.
    ///
    /// The order within the decision: settled due rows go, then everything else is saved, tokens first. Pools,
    /// admissions and the rows of a talk belong to a location, so they need its token in this tenant; a seat and a wish
    /// need their pool. Changes of a talk need a scope that names its location.
    ///
    /// # Errors
    ///
    /// [`StoreError::Declined`] when `decide` declined; [`StoreError::LocationInOtherTenant`],
    /// [`StoreError::LocationTaken`] and [`StoreError::NameTaken`] for a token that cannot stand beside the others;
    /// [`StoreError::UnknownToken`] for a change of a token, a pool or an admission whose location has no token in
    /// this tenant; [`StoreError::LeaseLost`] when the scope names a lease that is over, even before `decide` is called;
    /// [`StoreError::UnknownPool`] for a seat or a wish whose pool is neither there nor in the decision;
    /// [`StoreError::Misplaced`] for a change of a talk that the scope does not name; [`StoreError::Sealing`]; or a
    /// failure of the database. Nothing was saved then.
    async fn transact(
        &self,
        tenant: &TenantId,
        scope: &LoadScope,
        decide: Arc<dyn Decide>,
    ) -> Result<(), StoreError>;

    /// Loads what `scope` asks for, as of one moment, without locking and without a look at its lease. An unknown
    /// tenant is empty, and there is no talk about a location that has no token in the tenant.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn load(&self, tenant: &TenantId, scope: &LoadScope) -> Result<Loaded, StoreError>;

    /// Leases the right to talk to Apple about a location, or renews it: `session` has it for `period` from now on, by
    /// the store's clock. The epoch stays the same while the session renews in time, and grows otherwise. `None` while
    /// another session has it.
    ///
    /// A lease that was granted never becomes shorter, but by [`Store::end_lease`]: renewing it moves its end to later
    /// times only, so what a session was told stays true, and an epoch that was passed never comes back. A clock that is
    /// set back makes leases longer and lets nobody else in; when another session asks, what is left of a lease is cut to an
    /// hour, so the wait is no longer than that. A clock that is set
    /// forward ends leases early: the next session may begin while a call of the last one is still under way, but nothing
    /// that the last one learns is saved any more, and what it wrote before it called is found and taken as lost.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownToken`], or a failure of the database.
    async fn lease(
        &self,
        tenant: &TenantId,
        location: &LocationId,
        talker: &LeaseHolder,
        period: TimeDelta,
    ) -> Result<Option<Lease>, StoreError>;

    /// Gives a lease back before its end. One that is over already is none of its business.
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

    /// Notes that something must be looked at. A row that exists keeps the earlier time, counts one more and takes
    /// the new number of tries. Takes no lock on the tenant.
    ///
    /// The store counts, whatever count is given, and a row that comes back after it was settled never has a count
    /// that it had before: so a worker who looked long ago settles nothing that was asked for since.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn enqueue(&self, tenant: &TenantId, due: &[Job]) -> Result<(), StoreError>;

    /// Takes in a notification, in one transaction: unless one with its id was taken before, it is kept and what it makes
    /// due is noted, for the tenant that has the location. Takes no lock on the tenant.
    ///
    /// Notifications are kept for an hour at least, by the times at which they were heard; the store may forget older ones
    /// of the location whenever another one is heard.
    ///
    /// # Errors
    ///
    /// A failure of the database. Nothing was saved then, and the notification may be sent again.
    async fn record_notification(&self, notification: &ReceivedNotification) -> Result<Receipt, StoreError>;

    /// What is due at `now`, the oldest first, over all tenants; at most `limit`. What is due at the same time comes
    /// by tenant, then by [`JobKind::key`](mdm_vpp_core::transaction::JobKind::key), as text. Kinds that this version does
    /// not know are left alone, here and in the other methods.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn due_jobs(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<TenantJob>, StoreError>;

    /// What a tenant has due about a location, whenever it is due, the oldest first.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn jobs_of_location(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError>;

    /// When the next thing is due, over all tenants, UTC; `None` when nothing is.
    ///
    /// # Errors
    ///
    /// A failure of the database.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// The audit log of a tenant after a position, in order, at most `limit` entries.
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

/// A decision to do nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declined;

/// An opened secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredContentToken {
    /// The secret.
    pub content_token: ContentToken,
    /// The token's generation that it belongs to.
    pub generation: u32,
}

/// Something that is due in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantJob {
    /// The tenant.
    pub tenant: TenantId,
    /// What is due.
    pub job: Job,
}
