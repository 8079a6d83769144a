//! Transactions: what counts as one, that they follow each other, and that each is saved as a whole or not at all.

use std::sync::Arc;

use futures_util::future::join_all;
use mdm_vpp_core::{
    id::AdamId,
    transaction::{AuditPosition, Decision, Loaded, TokenChange},
};

use super::super::{
    Violation,
    rows::{admission, app, app_added, apps, at, audit_of, completes, enqueues, pool, sync, tell_catalog},
    store_fixture::StoreFixture,
    store_fixture::deciding,
};
use crate::{Apps, Declined, LoadScope, Store};

/// An unknown tenant is empty, and loading does not make it known.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn an_unknown_tenant_is_empty(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("an unknown tenant is empty", store)?;
    for _ in 0..2 {
        fixture.same(
            "all of it",
            &Loaded::default(),
            &fixture.all_of(&fixture.acme, &fixture.berlin).await?,
        )?;
        fixture.same("its audit log", &0, &fixture.audit(&fixture.acme).await?.len())?;
        fixture.same("its jobs", &0, &fixture.jobs_of(&fixture.acme, &fixture.berlin).await?.len())?;
    }
    Ok(())
}

/// A decision that is empty saves nothing, and counts no transaction.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn an_empty_decision_counts_no_transaction(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("an empty decision counts no transaction", store)?;
    fixture.save(&fixture.acme, Decision::default()).await?;
    fixture.same("transactions of a new tenant", &0, &fixture.transactions_of(&fixture.acme).await?)?;
    fixture.save(&fixture.acme, audit_of(&fixture.ada, [app_added(1)])).await?;
    fixture.save(&fixture.acme, Decision::default()).await?;
    fixture.same("transactions after one that saved", &1, &fixture.transactions_of(&fixture.acme).await?)
}

/// Every decision that is not empty counts one transaction, whatever it changes.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_decision_counts_one_transaction(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a decision counts one transaction", store)?;
    let decisions = [
        fixture.upload(&fixture.berlin, "Berlin")?,
        apps(vec![app(1, "Pages", &fixture.berlin), app(2, "Numbers", &fixture.berlin)]),
        enqueues(sync(&fixture.berlin), 0),
        audit_of(&fixture.ada, [app_added(1), app_added(2)]),
    ];
    for (number, decision) in (1..).zip(decisions) {
        fixture.save(&fixture.acme, decision).await?;
        fixture.same("transactions", &number, &fixture.transactions_of(&fixture.acme).await?)?;
    }
    fixture.same("transactions of another tenant", &0, &fixture.transactions_of(&fixture.globex).await?)
}

/// A decision that declines saves nothing, and the caller gets an error that says so.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_declined_decision_saves_nothing(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a declined decision saves nothing", store)?;
    fixture.save(&fixture.acme, apps(vec![app(1, "Pages", &fixture.berlin)])).await?;
    let before = fixture.all_of(&fixture.acme, &fixture.berlin).await?;
    let declined = deciding(|_| Err(Declined));
    match fixture.store.transact(&fixture.acme, &LoadScope::default(), declined).await {
        Err(error) => fixture.refused_as("the answer", "declined", &error)?,
        Ok(()) => fixture.same("the answer", "declined", "it was saved")?,
    }
    fixture.same("the tenant", &before, &fixture.all_of(&fixture.acme, &fixture.berlin).await?)
}

/// A decision sees what the transaction before it saved.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_decision_sees_what_the_transaction_before_it_saved(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a decision sees what the transaction before it saved", store)?;
    let pages = app(1, "Pages", &fixture.berlin);
    fixture.save(&fixture.acme, apps(vec![pages.clone()])).await?;
    let expected =
        Loaded { transaction: 1, apps: [(AdamId::new(1), pages.clone())].into(), ..Loaded::default() };
    let renamed = app(1, "Pages 2", &fixture.berlin);
    let rename = deciding(
        move |loaded: &Loaded| {
            if loaded == &expected { Ok(apps(vec![renamed.clone()])) } else { Err(Declined) }
        },
    );
    let scope = LoadScope::default().apps(Apps::All);
    fixture.works(
        "a decision that desired_states to see the app",
        fixture.store.transact(&fixture.acme, &scope, rename).await,
    )?;
    let loaded = fixture.load(&fixture.acme, &scope).await?;
    let names: Vec<&str> = loaded.apps.values().map(|app| app.name.as_str()).collect();
    fixture.same("the app", &vec!["Pages 2"], &names)
}

/// Transactions of one tenant that run at the same time follow each other: none is lost, none sees half of another.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn transactions_of_one_tenant_follow_each_other(store: Arc<dyn Store>) -> Result<(), Violation> {
    const WORKERS: u64 = 24;
    let fixture = StoreFixture::begin("transactions of one tenant follow each other", store)?;
    fixture.save(&fixture.acme, apps(vec![app(1, "0", &fixture.berlin)])).await?;
    let scope = LoadScope::default().apps(Apps::All);
    let (berlin, ada) = (fixture.berlin.clone(), fixture.ada.clone());
    let count_up = deciding(move |loaded: &Loaded| {
        let counted = loaded.apps.values().find_map(|app| app.name.parse::<u64>().ok()).ok_or(Declined)?;
        let name = counted.saturating_add(1).to_string();
        Ok(Decision {
            apps: vec![app(1, &name, &berlin)],
            ..audit_of(&ada, [app_added(loaded.transaction), app_added(counted)])
        })
    });
    let transactions = (0..WORKERS).map(|_| fixture.store.transact(&fixture.acme, &scope, count_up.clone()));
    for saved in join_all(transactions).await {
        fixture.works("a transaction among others", saved)?;
    }
    fixture.same("transactions", &(WORKERS + 1), &fixture.transactions_of(&fixture.acme).await?)?;
    let loaded = fixture.load(&fixture.acme, &scope).await?;
    let counted: Vec<String> = loaded.apps.into_values().map(|app| app.name).collect();
    fixture.same("what was counted", &vec![WORKERS.to_string()], &counted)?;
    let audit = fixture.audit(&fixture.acme).await?;
    let found: Vec<_> = audit.into_iter().map(|entry| (entry.position, entry.act)).collect();
    let expected: Vec<_> = (0..WORKERS)
        .flat_map(|n| {
            let transaction = n + 2;
            [
                (AuditPosition { transaction, index: 0 }, app_added(transaction - 1)),
                (AuditPosition { transaction, index: 1 }, app_added(n)),
            ]
        })
        .collect();
    fixture.same("what each transaction saw", &expected, &found)
}

/// A transaction that fails half-way saves nothing of its decision: no row, no job and no entry of the audit log. It is not
/// counted.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_transaction_that_fails_saves_nothing(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a transaction that fails saves nothing", store)?;
    let (acme, globex) = (&fixture.acme, &fixture.globex);
    let hamburg = fixture.location("2049025000431441")?;
    fixture.save(globex, fixture.upload(&fixture.munich, "Munich")?).await?;
    fixture.save(acme, fixture.upload(&hamburg, "Hamburg")?).await?;
    fixture.save(acme, enqueues(sync(&hamburg), 0)).await?;
    let job = fixture.only_job(acme, &hamburg).await?;
    let before = fixture.all_of(acme, &fixture.berlin).await?;

    let insert = |location, name| {
        let token = Box::new(fixture.token(location, name)?);
        Ok(TokenChange::Insert { token, content_token: fixture.secret("secret")? })
    };
    let renamed = TokenChange::Update { token: Box::new(fixture.token(&hamburg, "Altona")?) };
    let half_way = Decision {
        tokens: vec![renamed, insert(&fixture.berlin, "Berlin")?, insert(&fixture.munich, "Munich")?],
        apps: vec![app(1, "Pages", &fixture.berlin)],
        admissions: vec![admission(&fixture.berlin, 1)],
        pools: vec![pool(&fixture.berlin, 1)],
        jobs: [enqueues(sync(&fixture.berlin), 0).jobs, enqueues(tell_catalog(1), 0).jobs].concat(),
        completed: completes(&job).completed,
        audit: audit_of(&fixture.ada, [app_added(1)]).audit,
        ..Decision::default()
    };
    let refusal = fixture.refused(acme, half_way).await?;
    fixture.refused_as("the answer", "location_in_other_tenant", &refusal)?;

    fixture.same("the tenant", &before, &fixture.all_of(acme, &fixture.berlin).await?)?;
    fixture.same("the job that was completed", &job, &fixture.only_job(acme, &hamburg).await?)?;
    fixture.same("all jobs", &1, &fixture.jobs_due(at(0)).await?.len())?;
    fixture.same("the audit log", &0, &fixture.audit(acme).await?.len())?;
    let secret = fixture.store.content_token(acme, &fixture.berlin).await;
    fixture.same("the secret", &Some("unknown_token"), &secret.err().map(|error| error.code()))
}

/// A transaction that fails before a tenant's first one leaves no trace of the tenant.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_first_transaction_that_fails_leaves_the_tenant_unknown(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a first transaction that fails leaves the tenant unknown", store)?;
    let decision = Decision {
        apps: vec![app(1, "Pages", &fixture.berlin)],
        pools: vec![pool(&fixture.berlin, 1)],
        ..Decision::default()
    };
    let refusal = fixture.refused(&fixture.acme, decision).await?;
    fixture.refused_as("the answer", "unknown_token", &refusal)?;
    let loaded = fixture.all_of(&fixture.acme, &fixture.berlin).await?;
    fixture.same("the tenant", &mdm_vpp_core::transaction::Loaded::default(), &loaded)
}
