//! The audit log: numbered, in order, in pages.

use std::sync::Arc;

use mdm_vpp_core::{
    id::{Actor, AdamId},
    transaction::{AuditAct, AuditDraft, AuditEntry, AuditPosition, Decision},
};

use super::super::{
    Violation,
    rows::{app, app_added, apps, at, audit_of},
    store_fixture::StoreFixture,
};
use crate::Store;

/// Entries are numbered by transaction, and within a transaction from 0 in the order of the decision.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn audit_entries_are_numbered_by_transaction(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("audit entries are numbered by transaction", store)?;
    let acts = |numbers: &[u64]| numbers.iter().copied().map(app_added).collect::<Vec<_>>();
    fixture.save(&fixture.acme, audit_of(&fixture.ada, acts(&[1, 2, 3]))).await?;
    fixture.save(&fixture.acme, apps(vec![app(1, "Pages", &fixture.berlin)])).await?;
    fixture.save(&fixture.globex, audit_of(&fixture.ada, acts(&[9]))).await?;
    fixture.save(&fixture.acme, audit_of(&fixture.ada, acts(&[5, 4]))).await?;
    let entry = |transaction, index, number| AuditEntry {
        position: AuditPosition { transaction, index },
        at: at(0),
        actor: fixture.ada.clone(),
        act: app_added(number),
    };
    let expected = vec![entry(1, 0, 1), entry(1, 1, 2), entry(1, 2, 3), entry(3, 0, 5), entry(3, 1, 4)];
    fixture.same("the log", &expected, &fixture.audit(&fixture.acme).await?)?;
    fixture.same("the log of another tenant", &vec![entry(1, 0, 9)], &fixture.audit(&fixture.globex).await?)
}

/// The log is read in pages of a limited size, each after a position. The pages make the same log.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn the_audit_log_comes_in_pages(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("the audit log comes in pages", store)?;
    for number in 0..12_u64 {
        let acts = (0..=number % 3).map(|n| app_added(number * 10 + n));
        fixture.save(&fixture.acme, audit_of(&fixture.ada, acts)).await?;
    }
    let whole = fixture.audit(&fixture.acme).await?;
    fixture.same("the number of entries", &24, &whole.len())?;
    for limit in [1, 2, 5, 100] {
        let mut pages = Vec::new();
        let mut after = AuditPosition::default();
        // The limit ends the loop for a store that repeats a page.
        for _ in 0..=whole.len() {
            let page = fixture.audit_after(&fixture.acme, after, limit).await?;
            fixture.same("whether a page is too long", &false, &(page.len() > limit))?;
            let Some(last) = page.last() else { break };
            after = last.position;
            pages.extend(page);
        }
        fixture.same(&format!("in pages of {limit}"), &whole, &pages)?;
    }
    fixture.same(
        "none",
        &0,
        &fixture.audit_after(&fixture.acme, AuditPosition::default(), 0).await?.len(),
    )?;
    let end = AuditPosition { transaction: u64::MAX, index: u32::MAX };
    fixture.same("after the end", &0, &fixture.audit_after(&fixture.acme, end, 10).await?.len())
}

/// Every kind of entry comes back as it was saved.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn audit_entries_come_back_as_they_were_saved(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("audit entries come back as they were saved", store)?;
    let location = || fixture.berlin.clone();
    let name = fixture.token(&fixture.berlin, "Büro \"Süd\" 🍏")?.settings.detail.name;
    let acts = [
        AuditAct::TokenUploaded { location: location(), name },
        AuditAct::TokenUpdated { location: location(), expires_at: at(5) },
        AuditAct::SettingsChanged { location: location() },
        AuditAct::StatusChanged { location: location(), from: "Joining".into(), to: "Active".into() },
        AuditAct::TakeOverAsked { location: location(), from: "Other MDM ('x')".into() },
        AuditAct::LocationClaimed { location: location() },
        AuditAct::AppsAdded { location: location(), adam_ids: vec![AdamId::new(1), AdamId::new(2)] },
        AuditAct::AppsAdded { location: location(), adam_ids: vec![] },
        app_added(3),
    ];
    let fine = at(0) + chrono::TimeDelta::nanoseconds(123_456_789);
    let actors = [fixture.ada.clone(), Actor::system()];
    let audit: Vec<AuditDraft> = acts
        .into_iter()
        .flat_map(|act| actors.clone().map(|actor| AuditDraft { at: fine, actor, act: act.clone() }))
        .collect();
    fixture.save(&fixture.acme, Decision { audit: audit.clone(), ..Decision::default() }).await?;
    let found: Vec<AuditDraft> = fixture
        .audit(&fixture.acme)
        .await?
        .into_iter()
        .map(|AuditEntry { at, actor, act, .. }| AuditDraft { at, actor, act })
        .collect();
    fixture.same("the log", &audit, &found)
}
