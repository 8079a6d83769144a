//! No tenant sees another.

use std::sync::Arc;

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{Decision, Loaded},
};

use super::super::{
    Violation,
    rows::{admission, app, app_added, asks, at, audit_of, pool, settles, sync, tell_catalog},
    store_fixture::StoreFixture,
};
use crate::{Apps, LoadScope, Store, Tokens};

/// A tenant with a token `Main` that opens a location, an app and its pool.
async fn settle_in(
    story: &StoreFixture,
    tenant: &TenantId,
    location: &LocationId,
    app_name: &str,
) -> Result<(), Violation> {
    let decision = Decision {
        apps: vec![app(1, app_name, location)],
        admissions: vec![admission(location, 1)],
        pools: vec![pool(location, 1)],
        jobs: [asks(tell_catalog(1), 0).jobs, asks(sync(location), 0).jobs].concat(),
        audit: audit_of(&story.ada, [app_added(1)]).audit,
        ..story.upload(location, "Main")?
    };
    story.turn(tenant, decision).await
}

/// Two tenants with equal names and apps do not see or touch each other's rows.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn tenants_with_equal_rows_do_not_meet(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("tenants with equal rows do not meet", store)?;
    let (acme, globex) = (&story.acme, &story.globex);
    settle_in(&story, acme, &story.berlin, "Pages of Acme").await?;
    let before = story.all_of(acme, &story.berlin).await?;
    let audit = story.audit(acme).await?;
    let due = story.due_of(acme, &story.berlin).await?;

    settle_in(&story, globex, &story.munich, "Pages of Globex").await?;
    for due in story.due(at(0)).await? {
        if due.tenant == *globex {
            story.turn(globex, settles(&due.job)).await?;
        }
    }

    story.same("what the first has", &before, &story.all_of(acme, &story.berlin).await?)?;
    story.same("its audit log", &audit, &story.audit(acme).await?)?;
    story.same("what it has due", &due, &story.due_of(acme, &story.berlin).await?)?;
    let left: Vec<TenantId> = story.due(at(0)).await?.into_iter().map(|due| due.tenant).collect();
    story.same("whose rows are due", &vec![acme.clone(), acme.clone()], &left)?;
    let globex_sees = story.all_of(globex, &story.munich).await?;
    let names: Vec<&str> = globex_sees.apps.values().map(|app| app.name.as_str()).collect();
    story.same("what the second has", &vec!["Pages of Globex"], &names)
}

/// A location of one tenant is empty for another, even when both have the same app.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_location_of_another_tenant_is_empty(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a location of another tenant is empty", store)?;
    settle_in(&story, &story.acme, &story.berlin, "Pages").await?;
    settle_in(&story, &story.globex, &story.munich, "Pages").await?;
    let scope = LoadScope {
        tokens: Tokens::Of(story.berlin.clone()),
        assets_of: Some(story.berlin.clone()),
        apps: Apps::AdmittedBy(story.berlin.clone()),
        location: None,
    };
    let turn = story.turns_of(&story.globex).await?;
    let nothing = Loaded { transaction: turn, ..Loaded::default() };
    story.same("what is loaded", &nothing, &story.load(&story.globex, &scope).await?)?;
    story.same("what is due", &0, &story.due_of(&story.globex, &story.berlin).await?.len())
}

/// Pools and admissions need the token of their location in the same tenant.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn assets_need_the_token_of_their_location(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("assets need the token of their location", store)?;
    settle_in(&story, &story.acme, &story.berlin, "Pages").await?;
    let before = story.all_of(&story.acme, &story.berlin).await?;
    for location in [&story.berlin, &story.munich] {
        let pools = Decision { pools: vec![pool(location, 7)], ..Decision::default() };
        let refusal = story.refused(&story.globex, pools).await?;
        story.refused_as("a pool", "unknown_token", &refusal)?;
        let admissions = Decision { admissions: vec![admission(location, 7)], ..Decision::default() };
        let refusal = story.refused(&story.globex, admissions).await?;
        story.refused_as("an admission", "unknown_token", &refusal)?;
    }
    story.same("the other tenant", &before, &story.all_of(&story.acme, &story.berlin).await?)
}
