//! A transaction of many rows is one transaction.

use std::sync::Arc;

use mdm_vpp_core::{
    catalog::{Counts, Pool},
    transaction::{Decision, Job, JobKind},
};

use super::super::{
    Violation,
    rows::{admission, app, at, pool, tell_catalog},
    store_fixture::StoreFixture,
};
use crate::{Apps, LoadScope, Store};

/// A location of 500 assets is saved in one transaction, loaded, and saved again.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_large_location_is_saved_in_one_turn(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a large location is saved in one turn", store)?;
    let numbers = || 1..=500_u64;
    let decision = Decision {
        apps: numbers().map(|number| app(number, "App", &story.berlin)).collect(),
        admissions: numbers().map(|number| admission(&story.berlin, number)).collect(),
        pools: numbers().map(|number| pool(&story.berlin, number)).collect(),
        ..story.upload(&story.berlin, "Berlin")?
    };
    story.turn(&story.acme, decision).await?;
    let scope = LoadScope {
        assets_of: Some(story.berlin.clone()),
        apps: Apps::AdmittedBy(story.berlin.clone()),
        ..LoadScope::default()
    };
    let loaded = story.load(&story.acme, &scope).await?;
    let found = (loaded.apps.len(), loaded.admissions.len(), loaded.pools.len());
    story.same("apps, admissions and pools", &(500, 500, 500), &found)?;

    let counts = Counts::Unlimited { assigned: 1 };
    let pools: Vec<Pool> = loaded.pools.into_iter().map(|pool| Pool { counts, ..pool }).collect();
    story.turn(&story.acme, Decision { pools: pools.clone(), ..Decision::default() }).await?;
    let loaded = story.load(&story.acme, &scope).await?;
    story.same("the pools, counted again", &pools, &loaded.pools)?;
    story.same("turns", &2, &loaded.transaction)
}

/// 10,000 due rows are noted, counted again by a transaction, and come in order.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn ten_thousand_due_rows_come_in_order(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("ten thousand due rows come in order", store)?;
    // 7 shares no divisor with 10,000: every second once, out of order.
    let due: Vec<Job> =
        (0..10_000_u32).map(|n| Job::at(tell_catalog(u64::from(n)), at(i64::from(n) * 7 % 10_000))).collect();
    story.note(&story.acme, &due).await?;
    story.turn(&story.acme, Decision { jobs: due, ..Decision::default() }).await?;
    let found = story.due(at(10_000)).await?;
    let times: Vec<_> = found.iter().map(|due| (due.job.at, due.job.generation)).collect();
    let expected: Vec<_> = (0..10_000).map(|seconds| (at(seconds), 2)).collect();
    story.same("times and counts", &expected, &times)?;
    let first: Vec<JobKind> =
        story.due_up_to(at(10_000), 2).await?.into_iter().map(|due| due.job.kind).collect();
    story.same("the first two", &vec![tell_catalog(0), tell_catalog(7_143)], &first)
}
