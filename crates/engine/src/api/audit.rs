//! The audit log.

use mdm_vpp_core::transaction::{AuditEntry, AuditPosition};
use mdm_vpp_ports::StoreError;

use super::Tenant;

/// A page of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditPage {
    /// The entries, in order.
    pub entries: Vec<AuditEntry>,
    /// Where to go on; the same as was asked for when there was nothing new. The log grows, so there is always a next
    /// page.
    pub next: AuditPosition,
}

impl Tenant {
    /// The audit log after a position, at most `limit` entries; begin with `AuditPosition::default()`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store failed.
    pub async fn audit_since(&self, after: AuditPosition, limit: usize) -> Result<AuditPage, StoreError> {
        let entries = self.context().store().audit_since(self.id(), after, limit).await?;
        let next = entries.last().map_or(after, |entry| entry.position);
        Ok(AuditPage { entries, next })
    }
}
