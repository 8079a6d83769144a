//! A transaction may hold many rows.

use std::{collections::BTreeSet, sync::Arc};

use mdm_vpp_core::{
    catalog::{Counts, Pool},
    seats::{NextAction, Progress, RequestNumber, Seat, SeatKey},
    transaction::{Decision, Job, JobKind},
};

use super::super::{
    Violation,
    location_fixture::{APPS, all_of, key, puts, seat},
    rows::{admission, app, at, pool, tell_catalog},
    store_fixture::StoreFixture,
};
use crate::{Apps, LoadScope, LocationScope, Seats, Store};

/// A location of 500 assets is saved in one transaction, loaded, and saved again.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_large_location_is_saved_in_one_transaction(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a large location is saved in one transaction", store)?;
    let numbers = || 1..=500_u64;
    let decision = Decision {
        apps: numbers().map(|number| app(number, "App", &fixture.berlin)).collect(),
        admissions: numbers().map(|number| admission(&fixture.berlin, number)).collect(),
        pools: numbers().map(|number| pool(&fixture.berlin, number)).collect(),
        ..fixture.upload(&fixture.berlin, "Berlin")?
    };
    fixture.save(&fixture.acme, decision).await?;
    let scope = LoadScope {
        assets_of: Some(fixture.berlin.clone()),
        apps: Apps::AdmittedBy(fixture.berlin.clone()),
        ..LoadScope::default()
    };
    let loaded = fixture.load(&fixture.acme, &scope).await?;
    let found = (loaded.apps.len(), loaded.admissions.len(), loaded.pools.len());
    fixture.same("apps, admissions and pools", &(500, 500, 500), &found)?;

    let counts = Counts::Unlimited { assigned: 1 };
    let pools: Vec<Pool> = loaded.pools.into_iter().map(|pool| Pool { counts, ..pool }).collect();
    fixture.save(&fixture.acme, Decision { pools: pools.clone(), ..Decision::default() }).await?;
    let loaded = fixture.load(&fixture.acme, &scope).await?;
    fixture.same("the pools, counted again", &pools, &loaded.pools)?;
    fixture.same("transactions", &2, &loaded.transaction)
}

/// 10,000 jobs are enqueued, enqueued again by a transaction, and come in order.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn ten_thousand_jobs_come_in_order(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("ten thousand jobs come in order", store)?;
    // 7 shares no divisor with 10,000: every second once, out of order.
    let due: Vec<Job> =
        (0..10_000_u32).map(|n| Job::at(tell_catalog(u64::from(n)), at(i64::from(n) * 7 % 10_000))).collect();
    fixture.enqueue(&fixture.acme, &due).await?;
    fixture.save(&fixture.acme, Decision { jobs: due, ..Decision::default() }).await?;
    let found = fixture.jobs_due(at(10_000)).await?;
    let times: Vec<_> = found.iter().map(|due| (due.job.at, due.job.generation)).collect();
    let expected: Vec<_> = (0..10_000).map(|seconds| (at(seconds), 2)).collect();
    fixture.same("times and generations", &expected, &times)?;
    let first: Vec<JobKind> =
        fixture.jobs_due_up_to(at(10_000), 2).await?.into_iter().map(|due| due.job.kind).collect();
    fixture.same("the first two jobs", &vec![tell_catalog(0), tell_catalog(7_143)], &first)
}

/// 20,000 seats are saved in one transaction, loaded by their keys, changed, and come back in pages.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn twenty_thousand_seats_are_one_transaction(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("twenty thousand seats are one transaction", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let mut seats = Vec::new();
    for n in 0..10_000 {
        let holder = fixture.device(&format!("C{n:011}"))?;
        seats.extend(APPS.iter().take(2).map(|number| seat(key(&fixture.berlin, *number, &holder), n)));
    }
    seats.sort_by(|a, b| a.key.cmp(&b.key));
    let progress = Progress::InRequest { request: RequestNumber(1) };
    let under_way = seats.iter().map(|seat| Seat { progress: progress.clone(), ..seat.clone() });
    fixture.save_location(&fixture.acme, &fixture.berlin, puts(under_way)).await?;
    let action = Seats::WithNextAction([NextAction::AwaitAnswer].into(), 3);
    fixture.same("the oldest that await their answer", &3, &fixture.seats_in_berlin(action).await?.len())?;

    fixture.save_location(&fixture.acme, &fixture.berlin, puts(seats.clone())).await?;
    let keys: BTreeSet<SeatKey> = seats.iter().map(|seat| seat.key.clone()).collect();
    let scope = LocationScope::of(fixture.berlin.clone()).seats(Seats::These(keys));
    let found: Vec<Seat> = fixture.in_berlin(scope).await?.seats.into_values().collect();
    fixture.same("by their keys", &true, &(found == seats))?;
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() <= seats.len() {
        let page = fixture.seats_in_berlin(Seats::After(after.clone(), 3_000)).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        found.extend(page);
    }
    fixture.same("in pages", &true, &(found == seats))?;
    let rows = fixture.in_berlin(all_of(&fixture.berlin)).await?;
    fixture.same(
        "transactions and seats",
        &(3, 20_000),
        &(fixture.transactions_of(&fixture.acme).await?, rows.seats.len()),
    )
}
