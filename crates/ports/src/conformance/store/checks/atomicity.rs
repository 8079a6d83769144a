//! All of a decision is saved, or nothing.

use std::sync::Arc;

use mdm_vpp_core::transaction::{Decision, TokenChange};

use super::super::{
    Violation,
    rows::{admission, app, app_added, asks, at, audit_of, pool, settles, sync, tell_catalog},
    store_fixture::StoreFixture,
};
use crate::Store;

/// A transaction that fails half-way saves nothing of its decision: no row, no due row, no line of the audit log, no transaction.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_turn_that_fails_saves_nothing(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a turn that fails saves nothing", store)?;
    let (acme, globex) = (&story.acme, &story.globex);
    let hamburg = story.location("2049025000431441")?;
    story.turn(globex, story.upload(&story.munich, "Munich")?).await?;
    story.turn(acme, story.upload(&hamburg, "Hamburg")?).await?;
    story.turn(acme, asks(sync(&hamburg), 0)).await?;
    let asked = story.only_due(acme, &hamburg).await?;
    let before = story.all_of(acme, &story.berlin).await?;

    let insert = |location, name| {
        let token = Box::new(story.token(location, name)?);
        Ok(TokenChange::Insert { token, content_token: story.secret("secret")? })
    };
    let renamed = TokenChange::Update { token: Box::new(story.token(&hamburg, "Altona")?) };
    let half_way = Decision {
        tokens: vec![renamed, insert(&story.berlin, "Berlin")?, insert(&story.munich, "Munich")?],
        apps: vec![app(1, "Pages", &story.berlin)],
        admissions: vec![admission(&story.berlin, 1)],
        pools: vec![pool(&story.berlin, 1)],
        jobs: [asks(sync(&story.berlin), 0).jobs, asks(tell_catalog(1), 0).jobs].concat(),
        completed: settles(&asked).completed,
        audit: audit_of(&story.ada, [app_added(1)]).audit,
        ..Decision::default()
    };
    let refusal = story.refused(acme, half_way).await?;
    story.refused_as("the answer", "location_in_other_tenant", &refusal)?;

    story.same("the tenant", &before, &story.all_of(acme, &story.berlin).await?)?;
    story.same("the due row that was looked at", &asked, &story.only_due(acme, &hamburg).await?)?;
    story.same("all due rows", &1, &story.due(at(0)).await?.len())?;
    story.same("the audit log", &0, &story.audit(acme).await?.len())?;
    let secret = story.store.content_token(acme, &story.berlin).await;
    story.same("the secret", &Some("unknown_token"), &secret.err().map(|error| error.code()))
}

/// A transaction that fails before a tenant's first one leaves no trace of the tenant.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_first_turn_that_fails_leaves_the_tenant_unknown(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let story = StoreFixture::begin("a first turn that fails leaves the tenant unknown", store)?;
    let decision = Decision {
        apps: vec![app(1, "Pages", &story.berlin)],
        pools: vec![pool(&story.berlin, 1)],
        ..Decision::default()
    };
    let refusal = story.refused(&story.acme, decision).await?;
    story.refused_as("the answer", "unknown_token", &refusal)?;
    let loaded = story.all_of(&story.acme, &story.berlin).await?;
    story.same("the tenant", &mdm_vpp_core::transaction::Loaded::default(), &loaded)
}
