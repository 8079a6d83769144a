//! Saving a decision.

use std::collections::BTreeSet;

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::Decision,
};
use mdm_vpp_ports::StoreError;

use super::{
    app_rows, audit_rows, due_rows,
    failure::too_large,
    pool_rows,
    save_talk::{self, Place},
    tenant_rows,
    together::both,
    token_rows,
    work::Work,
};
use crate::sealing::KeyRing;

/// Saves a decision that was made after `transactions` transactions. Jobs come last: who notes something waits for those that this
/// transaction changes.
pub(super) async fn save(
    work: &Work<'_>,
    tenant: &TenantId,
    turns: u64,
    place: Place<'_>,
    decision: &Decision,
    keys: &KeyRing,
) -> Result<(), StoreError> {
    let turn = i64::try_from(turns.saturating_add(1)).map_err(too_large("saving a turn"))?;
    for change in &decision.tokens {
        token_rows::save(work, tenant, change, keys).await?;
    }
    app_rows::put(work, tenant, &decision.apps).await?;
    for location in locations(decision) {
        token_rows::check_known(work, tenant, location).await?;
    }
    app_rows::put_admissions(work, &decision.admissions).await?;
    pool_rows::put(work, &decision.pools).await?;
    // A transaction that settles nothing is counted without waiting for an answer.
    let counted = async {
        if decision.completed.is_empty() { tenant_rows::count(work, tenant, turn, 0).await } else { Ok(()) }
    };
    both(
        save_talk::save(work, tenant, place, &decision.location),
        both(audit_rows::write(work, tenant, turn, &decision.audit), counted),
    )
    .await?;
    if !decision.completed.is_empty() {
        // Jobs are not behind the tenant's lock, so this may wait for others and fail: nothing is sent behind it.
        let settled_n = due_rows::settle(work, tenant, &decision.completed).await?;
        tenant_rows::count(work, tenant, turn, settled_n).await?;
    }
    due_rows::note(work, tenant, &decision.jobs).await
}

/// The locations whose assets a decision saves.
fn locations(decision: &Decision) -> BTreeSet<&LocationId> {
    let admissions = decision.admissions.iter().map(|admission| &admission.location);
    admissions.chain(decision.pools.iter().map(|pool| &pool.location)).collect()
}
