//! Leases. A lease outlives its token, because epochs must strictly increase, so it is no document of the location.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::id::{LocationId, TenantId};
use mdm_vpp_ports::{Lease, LeaseHolder, LocationScope, StoreError};
use rusqlite::{Transaction, params};

use super::{
    driver::{change, select, too_large},
    token_rows,
};
use crate::{lease_row::LeaseRow, rows::work};

const READING: &str = "reading a lease";
const WRITING: &str = "writing a lease";

/// Grants or renews a lease; `None` while another holder has it.
pub(super) fn lease(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
    holder: &LeaseHolder,
    now: DateTime<Utc>,
    period: TimeDelta,
) -> Result<Option<Lease>, StoreError> {
    token_rows::check_known(transaction, tenant, location)?;
    let before = read(transaction, location)?;
    let (row, is_granted) = LeaseRow::after_request(before.as_ref(), holder, now, period);
    if before.as_ref() == Some(&row) && !is_granted {
        return Ok(None);
    }
    let epoch = i64::try_from(row.epoch).map_err(too_large(WRITING))?;
    let sql = "INSERT INTO leases (location, epoch, holder, until) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (location) DO UPDATE SET
                   epoch = excluded.epoch,
                   holder = excluded.holder,
                   until = excluded.until";
    change(transaction, WRITING, sql, params![location.as_str(), epoch, row.holder.0, row.until])?;
    Ok(is_granted.then(|| row.lease(location)))
}

/// Gives a lease back, unless a later one was granted.
pub(super) fn end(transaction: &Transaction<'_>, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
    // No row has an epoch that its column cannot hold.
    let Ok(epoch) = i64::try_from(lease.epoch.0) else { return Ok(()) };
    let sql = "UPDATE leases SET until = NULL
               WHERE location = ?2 AND epoch = ?3
                 AND EXISTS (SELECT 1 FROM tokens WHERE tokens.tenant = ?1 AND tokens.location = ?2)";
    change(transaction, WRITING, sql, params![tenant.as_str(), lease.location.as_str(), epoch]).map(drop)
}

/// Refuses a transaction whose lease is over. The transaction has the write lock, so no other holder gets the lease
/// before it ends.
pub(super) fn check(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    scope: &LocationScope,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(lease) = &scope.lease else { return Ok(()) };
    let is_own =
        lease.location == scope.location && token_rows::is_known(transaction, tenant, &scope.location)?;
    if is_own && LeaseRow::holds(read(transaction, &scope.location)?.as_ref(), lease, now) {
        return Ok(());
    }
    Err(StoreError::LeaseLost { location: scope.location.clone() })
}

fn read(transaction: &Transaction<'_>, location: &LocationId) -> Result<Option<LeaseRow>, StoreError> {
    let sql = "SELECT location, epoch, holder, until FROM leases WHERE location = ?1";
    let rows: Vec<LeaseRow> =
        select(transaction, READING, sql, params![location.as_str()], |row| work::lease(row))?;
    Ok(rows.into_iter().next())
}
