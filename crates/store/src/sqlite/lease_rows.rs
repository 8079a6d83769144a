//! Who may talk about a location.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::id::{LocationId, TenantId};
use mdm_vpp_ports::{Lease, LeaseHolder, LocationScope, StoreError};
use rusqlite::{Transaction, params};

use super::{
    failure::{failed, too_large},
    token_rows,
};
use crate::{lease_row::LeaseRow, rows};

const READING: &str = "reading a lease";
const WRITING: &str = "writing a lease";

/// Grants or renews a lease; `None` while another session has it.
pub(super) fn lease(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    location: &LocationId,
    talker: &LeaseHolder,
    now: DateTime<Utc>,
    period: TimeDelta,
) -> Result<Option<Lease>, StoreError> {
    token_rows::check_known(transaction, tenant, location)?;
    let row = read(transaction, location)?;
    let before = row;
    let (row, has_it) = LeaseRow::asked(before.as_ref(), talker, now, period);
    if before.as_ref() == Some(&row) && !has_it {
        return Ok(None);
    }
    let epoch = i64::try_from(row.epoch).map_err(too_large(WRITING))?;
    transaction
        .prepare_cached(
            "INSERT INTO leases (location, epoch, holder, until) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (location) DO UPDATE SET
                 epoch = excluded.epoch,
                 holder = excluded.holder,
                 until = excluded.until",
        )
        .and_then(|mut statement| {
            statement.execute(params![location.as_str(), epoch, row.talker.0, row.until])
        })
        .map_err(failed(WRITING))?;
    Ok(has_it.then(|| row.lease(location)))
}

/// Gives a lease back, if nobody has a later one.
pub(super) fn end(transaction: &Transaction<'_>, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
    // No row has an epoch that its column cannot hold.
    let Ok(epoch) = i64::try_from(lease.epoch.0) else { return Ok(()) };
    transaction
        .prepare_cached(
            "UPDATE leases SET until = NULL
             WHERE location = ?2 AND epoch = ?3
               AND EXISTS (SELECT 1 FROM tokens WHERE tokens.tenant = ?1 AND tokens.location = ?2)",
        )
        .and_then(|mut statement| statement.execute(params![tenant.as_str(), lease.location.as_str(), epoch]))
        .map_err(failed(WRITING))?;
    Ok(())
}

/// Refuses a transaction whose lease is over. The transaction has the lock already, so nobody takes the lease meanwhile.
pub(super) fn check(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    scope: &LocationScope,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(lease) = &scope.lease else { return Ok(()) };
    let own = lease.location == scope.location && token_rows::is_known(transaction, tenant, &scope.location)?;
    if own && LeaseRow::holds(read(transaction, &scope.location)?.as_ref(), lease, now) {
        return Ok(());
    }
    Err(StoreError::LeaseLost { location: scope.location.clone() })
}

fn read(transaction: &Transaction<'_>, location: &LocationId) -> Result<Option<LeaseRow>, StoreError> {
    let mut statement = transaction
        .prepare_cached("SELECT location, epoch, holder, until FROM leases WHERE location = ?1")
        .map_err(failed(READING))?;
    let mut rows = statement.query(params![location.as_str()]).map_err(failed(READING))?;
    let Some(row) = rows.next().map_err(failed(READING))? else { return Ok(None) };
    rows::lease::read(row).map(Some)
}
