//! What a turn is given of the talk about a location.

use mdm_vpp_core::{id::TenantId, talk::TalkRows};
use mdm_vpp_ports::{StoreError, TalkScope};

use super::{
    load_seats, member_rows, pool_rows, request_rows, talk_rows, token_rows, waiting_rows, work::Work,
};

/// Loads the rows that a scope names; `None` when the tenant has no token of the location.
pub(super) async fn load(
    work: &Work<'_>,
    tenant: &TenantId,
    scope: &TalkScope,
) -> Result<Option<TalkRows>, StoreError> {
    let location = &scope.location;
    if !token_rows::is_known(work, tenant, location).await? {
        return Ok(None);
    }
    let requests = request_rows::load(work, location, &scope.requests).await?;
    let seats = load_seats::load(work, location, &scope.seats, &requests).await?;
    let pages = if scope.walk_pages { talk_rows::load_pages(work, location).await? } else { Vec::new() };
    Ok(Some(TalkRows {
        talk: talk_rows::load(work, location).await?,
        pools: pool_rows::load(work, location, &scope.pools).await?,
        members: member_rows::load(work, location, &scope.members, &seats).await?,
        waiting: waiting_rows::load(work, location, &scope.waiting).await?,
        walk_pages: pages,
        requests,
        seats,
    }))
}
