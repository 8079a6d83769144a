//! Leases, by the clock of the server. A lease outlives its token, because epochs must strictly increase, so it is no
//! document of the location.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::id::{LocationId, TenantId};
use mdm_vpp_ports::{Lease, LeaseHolder, LocationScope, StoreError};

use super::{
    driver::{failed, too_large},
    token_rows,
    work::{Work, both},
};
use crate::{lease_row::LeaseRow, rows, times::due_time};

const READING: &str = "reading a lease";
const WRITING: &str = "writing a lease";

/// Grants or renews a lease; `None` while another holder has it. The tenant must be locked, so that a transaction that
/// checked its lease ends before another holder gets it.
pub(super) async fn lease(
    work: &Work<'_>,
    tenant: &TenantId,
    location: &LocationId,
    holder: &LeaseHolder,
    period: TimeDelta,
) -> Result<Option<Lease>, StoreError> {
    let ((), (before, now)) =
        both(token_rows::check_known(work, tenant, location), read(work, location)).await?;
    let (row, is_granted) = LeaseRow::after_request(before.as_ref(), holder, now, period);
    if before.as_ref() == Some(&row) && !is_granted {
        return Ok(None);
    }
    let epoch = i64::try_from(row.epoch).map_err(too_large(WRITING))?;
    let sql = "INSERT INTO leases (location, epoch, holder, until) VALUES ($1, $2, $3, $4)
               ON CONFLICT (location) DO UPDATE SET
                   epoch = excluded.epoch,
                   holder = excluded.holder,
                   until = excluded.until";
    work.doing(WRITING).change(sql, &[&location.as_str(), &epoch, &row.holder.0, &row.until]).await?;
    Ok(is_granted.then(|| row.lease(location)))
}

/// Gives a lease back, unless a later one was granted.
pub(super) async fn end(work: &Work<'_>, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
    // No row has an epoch that its column cannot hold.
    let Ok(epoch) = i64::try_from(lease.epoch.0) else { return Ok(()) };
    let sql = "UPDATE leases SET until = NULL
               WHERE location = $2 AND epoch = $3
                 AND EXISTS (SELECT 1 FROM tokens WHERE tokens.tenant = $1 AND tokens.location = $2)";
    let doing = work.doing(WRITING);
    doing.change(sql, &[&tenant.as_str(), &lease.location.as_str(), &epoch]).await.map(drop)
}

/// Refuses a transaction whose lease is over. The tenant must be locked, so that no other holder gets the lease before
/// the transaction ends.
pub(super) async fn check(
    work: &Work<'_>,
    tenant: &TenantId,
    scope: Option<&LocationScope>,
) -> Result<(), StoreError> {
    let Some(LocationScope { location, lease: Some(lease), .. }) = scope else { return Ok(()) };
    if lease.location == *location {
        let (is_known, (row, now)) =
            both(token_rows::is_known(work, tenant, location), read(work, location)).await?;
        if is_known && LeaseRow::holds(row.as_ref(), lease, now) {
            return Ok(());
        }
    }
    Err(StoreError::LeaseLost { location: location.clone() })
}

/// The lease of a location and the time of the server. The time is read now, not taken from the beginning of the
/// transaction, because the transaction may have waited for its lock since.
async fn read(
    work: &Work<'_>,
    location: &LocationId,
) -> Result<(Option<LeaseRow>, DateTime<Utc>), StoreError> {
    let sql = "SELECT leases.location, epoch, holder, until,
                      (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now
               FROM (SELECT 1) AS one LEFT JOIN leases ON leases.location = $1";
    let Some(row) = work.doing(READING).row(sql, &[&location.as_str()]).await? else {
        return Err(StoreError::Unreadable {
            row: "the clock of the server".to_owned(),
            reason: "the server gave no row".to_owned(),
        });
    };
    let now = row.try_get("now").map_err(failed(READING))?;
    let now = due_time(now).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let found: Option<&str> = row.try_get("location").map_err(failed(READING))?;
    let lease = found.map(|_| rows::work::lease(&row)).transpose()?;
    Ok((lease, now))
}
