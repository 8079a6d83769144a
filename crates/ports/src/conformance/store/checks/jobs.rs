//! Jobs: when they come, in which order, and how often they were enqueued.

use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::future::join_all;
use mdm_vpp_core::transaction::{Job, JobKind};

use super::super::{
    Violation,
    rows::{at, claim, sync, tell_catalog},
    store_fixture::StoreFixture,
};
use crate::Store;

/// A job that is enqueued again keeps the earlier time, gets the next generation and takes the new number of tries,
/// whatever generation the caller gives.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn enqueueing_again_keeps_the_earlier_time_and_counts(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("enqueueing again keeps the earlier time and counts", store)?;
    let kind = sync(&fixture.berlin);
    for (step, seconds, tries, expected_seconds, expected_n) in [
        ("at first", 100, 3, 100, 1),
        ("later", 200, 0, 100, 2),
        ("earlier", 50, 7, 50, 3),
        ("at the same time", 50, 1, 50, 4),
    ] {
        let job = Job { kind: kind.clone(), at: at(seconds), generation: 40, tries };
        fixture.enqueue(&fixture.acme, &[job]).await?;
        let expected = Job { kind: kind.clone(), at: at(expected_seconds), generation: expected_n, tries };
        fixture.same(step, &expected, &fixture.only_job(&fixture.acme, &fixture.berlin).await?)?;
    }
    let twice = [Job::at(kind.clone(), at(70)), Job::at(kind.clone(), at(60))];
    fixture.enqueue(&fixture.acme, &twice).await?;
    let expected = Job { kind, at: at(50), generation: 6, tries: 0 };
    fixture.same("twice at once", &expected, &fixture.only_job(&fixture.acme, &fixture.berlin).await?)
}

/// A transaction enqueues jobs as a call does.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_transaction_enqueues_like_a_call(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a transaction enqueues like a call", store)?;
    let kind = sync(&fixture.berlin);
    let enqueues = |seconds, tries| mdm_vpp_core::transaction::Decision {
        jobs: vec![Job { kind: sync(&fixture.berlin), at: at(seconds), generation: 9, tries }],
        ..Default::default()
    };
    fixture.save(&fixture.acme, enqueues(100, 2)).await?;
    let expected = Job { kind: kind.clone(), at: at(100), generation: 1, tries: 2 };
    fixture.same("at first", &expected, &fixture.only_job(&fixture.acme, &fixture.berlin).await?)?;
    fixture.save(&fixture.acme, enqueues(200, 5)).await?;
    let expected = Job { kind, at: at(100), generation: 2, tries: 5 };
    fixture.same("again", &expected, &fixture.only_job(&fixture.acme, &fixture.berlin).await?)
}

/// Enqueueing counts no transaction, and enqueueing nothing changes nothing.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn enqueueing_counts_no_transaction(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("enqueueing counts no transaction", store)?;
    fixture.enqueue(&fixture.acme, &[]).await?;
    fixture.same("jobs after enqueueing nothing", &0, &fixture.jobs_due(at(0)).await?.len())?;
    fixture.enqueue(&fixture.acme, &[Job::at(sync(&fixture.berlin), at(0))]).await?;
    fixture.same("transactions", &0, &fixture.transactions_of(&fixture.acme).await?)?;
    fixture.same("jobs", &1, &fixture.jobs_due(at(0)).await?.len())
}

/// Due jobs come oldest first over all tenants; jobs of the same time by tenant, kind and subject.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn the_oldest_job_comes_first_over_all_tenants(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("the oldest job comes first over all tenants", store)?;
    let (acme, globex) = (&fixture.acme, &fixture.globex);
    let due = |kind: &JobKind, seconds| Job::at(kind.clone(), at(seconds));
    let take_over = JobKind::TakeOverLocation { location: fixture.berlin.clone() };
    let (sync_berlin, sync_munich) = (sync(&fixture.berlin), sync(&fixture.munich));
    let (tell_2, tell_10) = (tell_catalog(2), tell_catalog(10));
    let claim_munich = claim(&fixture.munich);
    fixture.enqueue(globex, &[due(&claim_munich, 10), due(&sync_munich, -20)]).await?;
    let at_ten = [&tell_2, &take_over, &tell_10, &sync_berlin].map(|kind| due(kind, 10));
    fixture.enqueue(acme, &at_ten).await?;
    fixture.enqueue(acme, &[due(&claim(&fixture.berlin), -10)]).await?;

    let expected = [
        (globex.clone(), sync_munich),
        (acme.clone(), claim(&fixture.berlin)),
        (acme.clone(), sync_berlin),
        (acme.clone(), take_over),
        (acme.clone(), tell_10),
        (acme.clone(), tell_2),
        (globex.clone(), claim_munich),
    ];
    for limit in 0..=expected.len() + 1 {
        let found = fixture.jobs_due_up_to(at(10), limit).await?;
        let found: Vec<_> = found.into_iter().map(|due| (due.tenant, due.job.kind)).collect();
        let expected: Vec<_> = expected.iter().take(limit).cloned().collect();
        fixture.same(&format!("the first {limit}"), &expected, &found)?;
    }
    Ok(())
}

/// A job that is due later does not come yet; a job that is due at this very time does.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_job_does_not_come_before_it_is_due(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a job does not come before it is due", store)?;
    fixture.enqueue(&fixture.acme, &[Job::at(sync(&fixture.berlin), at(10))]).await?;
    let microsecond = TimeDelta::microseconds(1);
    fixture.same("just before", &0, &fixture.jobs_due(at(10) - microsecond).await?.len())?;
    fixture.same("at the time", &1, &fixture.jobs_due(at(10)).await?.len())?;
    fixture.same("just after", &1, &fixture.jobs_due(at(10) + microsecond).await?.len())
}

/// Times of jobs are stored in whole microseconds, rounded down.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn times_of_jobs_are_kept_to_the_microsecond(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("times of jobs are kept to the microsecond", store)?;
    let fine = at(0) + TimeDelta::nanoseconds(123_456_789);
    let kept = at(0) + TimeDelta::microseconds(123_456);
    fixture.enqueue(&fixture.acme, &[Job::at(sync(&fixture.berlin), fine)]).await?;
    fixture.same("the job", &kept, &fixture.only_job(&fixture.acme, &fixture.berlin).await?.at)?;
    let next = fixture.works("reading the next time", fixture.store.next_due().await)?;
    fixture.same("the next time", &Some(kept), &next)?;
    fixture.same("due at the next time", &1, &fixture.jobs_due(kept).await?.len())?;
    let long_ago = chrono::DateTime::UNIX_EPOCH - TimeDelta::nanoseconds(1_500);
    fixture.enqueue(&fixture.acme, &[Job::at(sync(&fixture.berlin), long_ago)]).await?;
    let kept = chrono::DateTime::UNIX_EPOCH - TimeDelta::microseconds(2);
    fixture.same("before 1970", &kept, &fixture.only_job(&fixture.acme, &fixture.berlin).await?.at)
}

/// All jobs of a tenant about a location come, the oldest first, also those that are not due; no other job comes.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn all_jobs_of_a_location_come(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("all jobs of a location come", store)?;
    let acme = &fixture.acme;
    let far = Job::at(sync(&fixture.berlin), at(1_000_000_000));
    fixture.enqueue(acme, std::slice::from_ref(&far)).await?;
    let near = Job::at(claim(&fixture.berlin), at(-5));
    fixture
        .enqueue(
            acme,
            &[Job::at(tell_catalog(1), at(0)), Job::at(sync(&fixture.munich), at(0)), near.clone()],
        )
        .await?;
    fixture.enqueue(&fixture.globex, &[Job::at(sync(&fixture.berlin), at(0))]).await?;
    let expected = vec![Job { generation: 1, ..near }, Job { generation: 1, ..far }];
    fixture.same("the jobs", &expected, &fixture.jobs_of(acme, &fixture.berlin).await?)
}

/// The next time is that of the earliest job of all tenants.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn the_next_due_time_is_the_earliest_of_all(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("the next due time is the earliest of all", store)?;
    fixture.same(
        "without jobs",
        &None,
        &fixture.works("reading the next time", fixture.store.next_due().await)?,
    )?;
    for (tenant, seconds, expected) in
        [(&fixture.globex, 30, 30), (&fixture.acme, 40, 30), (&fixture.acme, 20, 20)]
    {
        fixture.enqueue(tenant, &[Job::at(sync(&fixture.berlin), at(seconds))]).await?;
        let next = fixture.works("reading the next time", fixture.store.next_due().await)?;
        fixture.same("the next time", &Some(at(expected)), &next)?;
    }
    Ok(())
}

/// Calls that enqueue the same job at the same time are all counted.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn jobs_enqueued_at_the_same_time_are_all_counted(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("jobs enqueued at the same time are all counted", store)?;
    let jobs: Vec<[Job; 1]> =
        (0..24).map(|seconds| [Job::at(sync(&fixture.berlin), at(24 - seconds))]).collect();
    for enqueued in join_all(jobs.iter().map(|jobs| fixture.store.enqueue(&fixture.acme, jobs))).await {
        fixture.works("a call among others", enqueued)?;
    }
    let due = fixture.only_job(&fixture.acme, &fixture.berlin).await?;
    fixture.same("the generation and the time", &(24, at(1)), &(due.generation, due.at))
}
