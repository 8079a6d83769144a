//! The audit log.

use mdm_vpp_core::{
    id::TenantId,
    transaction::{AuditDraft, AuditEntry, AuditPosition},
};
use mdm_vpp_ports::StoreError;

use super::work::Work;
use crate::rows::{audit, document::json};

/// Writes a transaction's lines.
pub(super) async fn write(
    work: &Work<'_>,
    tenant: &TenantId,
    turn: i64,
    drafts: &[AuditDraft],
) -> Result<(), StoreError> {
    if drafts.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i64> = (0..).take(drafts.len()).collect();
    let written_at: Vec<String> = drafts.iter().map(|draft| draft.at.to_rfc3339()).collect();
    let actors: Vec<&str> = drafts.iter().map(|draft| draft.actor.as_str()).collect();
    let acts = drafts.iter().map(|draft| json(&draft.act)).collect::<Result<Vec<_>, _>>()?;
    let sql = "INSERT INTO audit (tenant, transaction_number, entry, written_at, actor, act)
               SELECT $1, $2, entry, written_at, actor, act
               FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[])
                    AS line (entry, written_at, actor, act)";
    let doing = work.doing("writing the audit log");
    doing.change(sql, &[&tenant.as_str(), &turn, &numbers, &written_at, &actors, &acts]).await.map(drop)
}

/// The lines after a position.
pub(super) async fn since(
    work: &Work<'_>,
    tenant: &TenantId,
    after: AuditPosition,
    limit: usize,
) -> Result<Vec<AuditEntry>, StoreError> {
    // No transaction has a number that its column cannot hold.
    let Ok(turn) = i64::try_from(after.transaction) else { return Ok(Vec::new()) };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = "SELECT tenant, transaction_number, entry, written_at, actor, act FROM audit
               WHERE tenant = $1 AND (transaction_number, entry) > ($2::bigint, $3::bigint) ORDER BY transaction_number, entry LIMIT $4";
    let doing = work.doing("reading the audit log");
    let rows = doing.rows(sql, &[&tenant.as_str(), &turn, &i64::from(after.index), &limit]).await?;
    rows.iter().map(|row| audit::read(row)).collect()
}
