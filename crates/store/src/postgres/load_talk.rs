//! What a transaction is given of the talk about a location.

use mdm_vpp_core::{id::TenantId, location::LocationRows};
use mdm_vpp_ports::{LocationScope, StoreError};

use super::{
    heard_rows, load_seats,
    pool_numbers::PoolNumbers,
    request_rows, talk_rows,
    together::{all_four, both},
    token_rows, user_rows, waiting_rows,
    work::Work,
};

/// Loads the rows that a scope names, and the numbers of their pools; `None` when the tenant has no token of the location.
/// What belongs to somebody else may be read before that is known, and goes no further.
pub(super) async fn load<'s>(
    work: &Work<'_>,
    tenant: &TenantId,
    scope: &'s LocationScope,
) -> Result<Option<(LocationRows, PoolNumbers<'s>)>, StoreError> {
    let location = &scope.location;
    // What does not wait for each other's answer is sent at once.
    let (is_known, talk, (pools, numbers), requests) = all_four(
        token_rows::is_known(work, tenant, location),
        talk_rows::load(work, location),
        PoolNumbers::load_with_pools(work, scope),
        request_rows::load(work, location, &scope.requests),
    )
    .await?;
    if !is_known {
        return Ok(None);
    }
    let (seats, waiting) = both(
        load_seats::load(work, &numbers, &scope.seats, &requests),
        waiting_rows::load(work, &numbers, &scope.waitlist),
    )
    .await?;
    let members = user_rows::load(work, location, &scope.users, &seats).await?;
    let walk_pages =
        if scope.full_read_pages { talk_rows::load_pages(work, location).await? } else { Vec::new() };
    let notices = if scope.notified_events {
        heard_rows::notices(work, location, &requests).await?
    } else {
        Vec::new()
    };
    let rows = LocationRows {
        state: talk,
        pools,
        seats,
        requests,
        users: members,
        waitlist: waiting,
        full_read_pages: walk_pages,
        notified_events: notices,
    };
    Ok(Some((rows, numbers)))
}
