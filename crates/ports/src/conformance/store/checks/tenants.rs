//! No tenant sees the rows of another.

use std::sync::Arc;

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{Decision, Loaded},
};

use super::super::{
    Violation,
    rows::{admission, app, app_added, at, audit_of, completes, enqueues, pool, sync, tell_catalog},
    store_fixture::StoreFixture,
};
use crate::{Apps, LoadScope, Store, Tokens};

/// A tenant with a token `Main` that opens a location, an app and its pool.
async fn furnish_tenant(
    fixture: &StoreFixture,
    tenant: &TenantId,
    location: &LocationId,
    app_name: &str,
) -> Result<(), Violation> {
    let decision = Decision {
        apps: vec![app(1, app_name, location)],
        admissions: vec![admission(location, 1)],
        pools: vec![pool(location, 1)],
        jobs: [enqueues(tell_catalog(1), 0).jobs, enqueues(sync(location), 0).jobs].concat(),
        audit: audit_of(&fixture.ada, [app_added(1)]).audit,
        ..fixture.upload(location, "Main")?
    };
    fixture.save(tenant, decision).await
}

/// Two tenants with equal names and apps do not see or touch each other's rows.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn tenants_with_equal_rows_do_not_meet(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("tenants with equal rows do not meet", store)?;
    let (acme, globex) = (&fixture.acme, &fixture.globex);
    furnish_tenant(&fixture, acme, &fixture.berlin, "Pages of Acme").await?;
    let before = fixture.all_of(acme, &fixture.berlin).await?;
    let audit = fixture.audit(acme).await?;
    let due = fixture.jobs_of(acme, &fixture.berlin).await?;

    furnish_tenant(&fixture, globex, &fixture.munich, "Pages of Globex").await?;
    for due in fixture.jobs_due(at(0)).await? {
        if due.tenant == *globex {
            fixture.save(globex, completes(&due.job)).await?;
        }
    }

    fixture.same("what the first has", &before, &fixture.all_of(acme, &fixture.berlin).await?)?;
    fixture.same("its audit log", &audit, &fixture.audit(acme).await?)?;
    fixture.same("its jobs", &due, &fixture.jobs_of(acme, &fixture.berlin).await?)?;
    let left: Vec<TenantId> = fixture.jobs_due(at(0)).await?.into_iter().map(|due| due.tenant).collect();
    fixture.same("whose jobs are due", &vec![acme.clone(), acme.clone()], &left)?;
    let globex_sees = fixture.all_of(globex, &fixture.munich).await?;
    let names: Vec<&str> = globex_sees.apps.values().map(|app| app.name.as_str()).collect();
    fixture.same("what the second has", &vec!["Pages of Globex"], &names)
}

/// A location of one tenant is empty for another, even when both have the same app.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_location_of_another_tenant_is_empty(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a location of another tenant is empty", store)?;
    furnish_tenant(&fixture, &fixture.acme, &fixture.berlin, "Pages").await?;
    furnish_tenant(&fixture, &fixture.globex, &fixture.munich, "Pages").await?;
    let scope = LoadScope {
        tokens: Tokens::Of(fixture.berlin.clone()),
        assets_of: Some(fixture.berlin.clone()),
        apps: Apps::AdmittedBy(fixture.berlin.clone()),
        location: None,
    };
    let transaction = fixture.transactions_of(&fixture.globex).await?;
    let nothing = Loaded { transaction, ..Loaded::default() };
    fixture.same("what is loaded", &nothing, &fixture.load(&fixture.globex, &scope).await?)?;
    fixture.same("its jobs", &0, &fixture.jobs_of(&fixture.globex, &fixture.berlin).await?.len())
}

/// Pools and admissions need the token of their location in the same tenant.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn assets_need_the_token_of_their_location(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("assets need the token of their location", store)?;
    furnish_tenant(&fixture, &fixture.acme, &fixture.berlin, "Pages").await?;
    let before = fixture.all_of(&fixture.acme, &fixture.berlin).await?;
    for location in [&fixture.berlin, &fixture.munich] {
        let pools = Decision { pools: vec![pool(location, 7)], ..Decision::default() };
        let refusal = fixture.refused(&fixture.globex, pools).await?;
        fixture.refused_as("a pool", "unknown_token", &refusal)?;
        let admissions = Decision { admissions: vec![admission(location, 7)], ..Decision::default() };
        let refusal = fixture.refused(&fixture.globex, admissions).await?;
        fixture.refused_as("an admission", "unknown_token", &refusal)?;
    }
    fixture.same("the other tenant", &before, &fixture.all_of(&fixture.acme, &fixture.berlin).await?)
}
