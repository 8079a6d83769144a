//! Who may talk about a location, by the clock of the server.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::id::{LocationId, TenantId};
use mdm_vpp_ports::{Lease, LeaseHolder, LocationScope, StoreError};

use super::{
    failure::{failed, too_large},
    together::both,
    token_rows,
    work::Work,
};
use crate::{kept, lease_row::LeaseRow, rows};

const READING: &str = "reading a lease";
const WRITING: &str = "writing a lease";

/// Grants or renews a lease; `None` while another session has it. The tenant has to be locked: a transaction that has looked at
/// its lease ends before the lease goes to somebody else.
pub(super) async fn lease(
    work: &Work<'_>,
    tenant: &TenantId,
    location: &LocationId,
    talker: &LeaseHolder,
    period: TimeDelta,
) -> Result<Option<Lease>, StoreError> {
    let ((), (before, now)) =
        both(token_rows::check_known(work, tenant, location), read(work, location)).await?;
    let (row, has_it) = LeaseRow::asked(before.as_ref(), talker, now, period);
    if before.as_ref() == Some(&row) && !has_it {
        return Ok(None);
    }
    let epoch = i64::try_from(row.epoch).map_err(too_large(WRITING))?;
    let sql = "INSERT INTO leases (location, epoch, holder, until) VALUES ($1, $2, $3, $4)
               ON CONFLICT (location) DO UPDATE SET
                   epoch = excluded.epoch,
                   holder = excluded.holder,
                   until = excluded.until";
    work.doing(WRITING).change(sql, &[&location.as_str(), &epoch, &row.talker.0, &row.until]).await?;
    Ok(has_it.then(|| row.lease(location)))
}

/// Gives a lease back, if nobody has a later one.
pub(super) async fn end(work: &Work<'_>, tenant: &TenantId, lease: &Lease) -> Result<(), StoreError> {
    // No row has an epoch that its column cannot hold.
    let Ok(epoch) = i64::try_from(lease.epoch.0) else { return Ok(()) };
    let sql = "UPDATE leases SET until = NULL
               WHERE location = $2 AND epoch = $3
                 AND EXISTS (SELECT 1 FROM tokens WHERE tokens.tenant = $1 AND tokens.location = $2)";
    let doing = work.doing(WRITING);
    doing.change(sql, &[&tenant.as_str(), &lease.location.as_str(), &epoch]).await.map(drop)
}

/// Refuses a transaction whose lease is over. The tenant has to be locked, so nobody takes the lease meanwhile.
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

/// The lease of a location, and what time it is: not when the transaction began, for it may have waited since.
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
            reason: "it gave no answer".to_owned(),
        });
    };
    let now = row.try_get("now").map_err(failed(READING))?;
    let now = kept::due_time(now).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let held: Option<&str> = row.try_get("location").map_err(failed(READING))?;
    let lease = held.map(|_| rows::lease::read(&row)).transpose()?;
    Ok((lease, now))
}
