//! Saving a decision.

use std::collections::BTreeSet;

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{Decision, TokenChange},
};
use mdm_vpp_ports::{LocationScope, StoreError};
use rusqlite::{Transaction, params};

use super::{
    admission_rows, app_rows, audit_rows, due_rows,
    failure::{failed, too_large},
    pool_rows, save_talk, secret_rows, token_rows,
};
use crate::sealing::KeyRing;

const WRITING: &str = "saving a turn";

/// Saves a decision that was made after `transactions` transactions.
pub(super) fn save(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    turns: u64,
    scope: Option<&LocationScope>,
    decision: &Decision,
    keys: &KeyRing,
) -> Result<(), StoreError> {
    let turn = i64::try_from(turns.saturating_add(1)).map_err(too_large(WRITING))?;
    count_turn(transaction, tenant, turn)?;
    for settled in &decision.completed {
        due_rows::settle(transaction, tenant, settled)?;
    }
    for change in &decision.tokens {
        change_token(transaction, tenant, change, keys)?;
    }
    for app in &decision.apps {
        app_rows::put(transaction, tenant, app)?;
    }
    for location in locations(decision) {
        token_rows::check_known(transaction, tenant, location)?;
    }
    for admission in &decision.admissions {
        admission_rows::put(transaction, admission)?;
    }
    for pool in &decision.pools {
        pool_rows::put(transaction, pool)?;
    }
    save_talk::save(transaction, tenant, scope, &decision.location)?;
    for due in &decision.jobs {
        due_rows::note(transaction, tenant, due)?;
    }
    audit_rows::write(transaction, tenant, turn, &decision.audit)
}

fn count_turn(transaction: &Transaction<'_>, tenant: &TenantId, turn: i64) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO tenants (tenant, transactions, completed_generation) VALUES (?1, ?2, 0)
             ON CONFLICT (tenant) DO UPDATE SET transactions = excluded.transactions",
        )
        .and_then(|mut statement| statement.execute(params![tenant.as_str(), turn]))
        .map_err(failed(WRITING))?;
    Ok(())
}

fn change_token(
    transaction: &Transaction<'_>,
    tenant: &TenantId,
    change: &TokenChange,
    keys: &KeyRing,
) -> Result<(), StoreError> {
    let token = change.token();
    match change {
        TokenChange::Insert { .. } => token_rows::check_new(transaction, tenant, token)?,
        TokenChange::Update { .. } | TokenChange::Replace { .. } => {
            token_rows::check_changed(transaction, tenant, token)?;
        }
    }
    token_rows::put(transaction, tenant, token)?;
    match change {
        TokenChange::Insert { content_token, .. } | TokenChange::Replace { content_token, .. } => {
            secret_rows::put(transaction, tenant, token, content_token, keys)
        }
        TokenChange::Update { .. } => Ok(()),
    }
}

/// The locations whose assets a decision saves.
fn locations(decision: &Decision) -> BTreeSet<&LocationId> {
    let admissions = decision.admissions.iter().map(|admission| &admission.location);
    admissions.chain(decision.pools.iter().map(|pool| &pool.location)).collect()
}
