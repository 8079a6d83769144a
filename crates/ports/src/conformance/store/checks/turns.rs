//! Turns: what counts as one, and that they follow each other.

use std::sync::Arc;

use futures_util::future::join_all;
use mdm_vpp_core::{
    id::AdamId,
    transaction::{AuditPosition, Decision, Loaded},
};

use super::super::{
    Violation,
    deciding::deciding,
    rows::{app, app_added, apps, asks, audit_of, sync},
    store_fixture::StoreFixture,
};
use crate::{Apps, Declined, LoadScope, Store};

/// A tenant that nobody knows is empty, and asking does not make it known.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn an_unknown_tenant_is_empty(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("an unknown tenant is empty", store)?;
    for _ in 0..2 {
        story.same("all of it", &Loaded::default(), &story.all_of(&story.acme, &story.berlin).await?)?;
        story.same("its audit log", &0, &story.audit(&story.acme).await?.len())?;
        story.same("its due rows", &0, &story.due_of(&story.acme, &story.berlin).await?.len())?;
    }
    Ok(())
}

/// A decision that is empty saves nothing, and counts no transaction.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn an_empty_decision_counts_no_turn(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("an empty decision counts no turn", store)?;
    story.turn(&story.acme, Decision::default()).await?;
    story.same("turns of a new tenant", &0, &story.turns_of(&story.acme).await?)?;
    story.turn(&story.acme, audit_of(&story.ada, [app_added(1)])).await?;
    story.turn(&story.acme, Decision::default()).await?;
    story.same("turns after one that saved", &1, &story.turns_of(&story.acme).await?)
}

/// Every decision that is not empty counts one transaction, whatever it changes.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_decision_counts_one_turn(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a decision counts one turn", store)?;
    let decisions = [
        story.upload(&story.berlin, "Berlin")?,
        apps(vec![app(1, "Pages", &story.berlin), app(2, "Numbers", &story.berlin)]),
        asks(sync(&story.berlin), 0),
        audit_of(&story.ada, [app_added(1), app_added(2)]),
    ];
    for (turn, decision) in (1..).zip(decisions) {
        story.turn(&story.acme, decision).await?;
        story.same("turns", &turn, &story.turns_of(&story.acme).await?)?;
    }
    story.same("turns of another tenant", &0, &story.turns_of(&story.globex).await?)
}

/// A decision that declines saves nothing, and the caller is told so.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_declined_decision_saves_nothing(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a declined decision saves nothing", store)?;
    story.turn(&story.acme, apps(vec![app(1, "Pages", &story.berlin)])).await?;
    let before = story.all_of(&story.acme, &story.berlin).await?;
    let declined = deciding(|_| Err(Declined));
    match story.store.transact(&story.acme, &LoadScope::default(), declined).await {
        Err(error) => story.refused_as("the answer", "declined", &error)?,
        Ok(()) => story.same("the answer", "declined", "it was saved")?,
    }
    story.same("the tenant", &before, &story.all_of(&story.acme, &story.berlin).await?)
}

/// A decision sees what the transaction before it saved.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_decision_sees_what_the_turn_before_it_saved(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a decision sees what the turn before it saved", store)?;
    let pages = app(1, "Pages", &story.berlin);
    story.turn(&story.acme, apps(vec![pages.clone()])).await?;
    let expected =
        Loaded { transaction: 1, apps: [(AdamId::new(1), pages.clone())].into(), ..Loaded::default() };
    let renamed = app(1, "Pages 2", &story.berlin);
    let rename = deciding(
        move |loaded: &Loaded| {
            if loaded == &expected { Ok(apps(vec![renamed.clone()])) } else { Err(Declined) }
        },
    );
    let scope = LoadScope { apps: Apps::All, ..LoadScope::default() };
    story.works(
        "a decision that wants to see the app",
        story.store.transact(&story.acme, &scope, rename).await,
    )?;
    let loaded = story.load(&story.acme, &scope).await?;
    let names: Vec<&str> = loaded.apps.values().map(|app| app.name.as_str()).collect();
    story.same("the app", &vec!["Pages 2"], &names)
}

/// Turns of one tenant that are taken at the same time follow each other: none is lost, none sees half of another.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn turns_of_one_tenant_follow_each_other(store: Arc<dyn Store>) -> Result<(), Violation> {
    const WORKERS: u64 = 24;
    let story = StoreFixture::begin("turns of one tenant follow each other", store)?;
    story.turn(&story.acme, apps(vec![app(1, "0", &story.berlin)])).await?;
    let scope = LoadScope { apps: Apps::All, ..LoadScope::default() };
    let (berlin, ada) = (story.berlin.clone(), story.ada.clone());
    let count_up = deciding(move |loaded: &Loaded| {
        let counted = loaded.apps.values().find_map(|app| app.name.parse::<u64>().ok()).ok_or(Declined)?;
        let name = counted.saturating_add(1).to_string();
        Ok(Decision {
            apps: vec![app(1, &name, &berlin)],
            ..audit_of(&ada, [app_added(loaded.transaction), app_added(counted)])
        })
    });
    let turns = (0..WORKERS).map(|_| story.store.transact(&story.acme, &scope, count_up.clone()));
    for turn in join_all(turns).await {
        story.works("a turn among others", turn)?;
    }
    story.same("turns", &(WORKERS + 1), &story.turns_of(&story.acme).await?)?;
    let loaded = story.load(&story.acme, &scope).await?;
    let counted: Vec<String> = loaded.apps.into_values().map(|app| app.name).collect();
    story.same("what was counted", &vec![WORKERS.to_string()], &counted)?;
    let audit = story.audit(&story.acme).await?;
    let found: Vec<_> = audit.into_iter().map(|entry| (entry.position, entry.act)).collect();
    let expected: Vec<_> = (0..WORKERS)
        .flat_map(|n| {
            let turn = n + 2;
            [
                (AuditPosition { transaction: turn, index: 0 }, app_added(turn - 1)),
                (AuditPosition { transaction: turn, index: 1 }, app_added(n)),
            ]
        })
        .collect();
    story.same("what each turn saw", &expected, &found)
}
