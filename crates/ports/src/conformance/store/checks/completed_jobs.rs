//! Completed jobs are deleted, unless they were enqueued again meanwhile.

use std::sync::Arc;

use mdm_vpp_core::transaction::{Decision, Job};

use super::super::{
    Violation,
    rows::{at, completes, enqueues, sync, tell_catalog},
    store_fixture::StoreFixture,
};
use crate::Store;

async fn enqueued(fixture: &StoreFixture, seconds: i64) -> Result<Job, Violation> {
    fixture.enqueue(&fixture.acme, &[Job::at(sync(&fixture.berlin), at(seconds))]).await?;
    fixture.only_job(&fixture.acme, &fixture.berlin).await
}

/// A completed job is deleted, and no other.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_completed_job_is_deleted(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a completed job is deleted", store)?;
    let due = enqueued(&fixture, 0).await?;
    fixture.enqueue(&fixture.acme, &[Job::at(tell_catalog(1), at(0))]).await?;
    fixture.enqueue(&fixture.globex, &[Job::at(sync(&fixture.berlin), at(0))]).await?;
    fixture.save(&fixture.acme, completes(&due)).await?;
    let left: Vec<_> =
        fixture.jobs_due(at(0)).await?.into_iter().map(|due| (due.tenant, due.job.kind)).collect();
    let expected =
        vec![(fixture.acme.clone(), tell_catalog(1)), (fixture.globex.clone(), sync(&fixture.berlin))];
    fixture.same("what is left", &expected, &left)?;
    fixture.save(&fixture.acme, completes(&due)).await?;
    fixture.same("completed twice", &2, &fixture.jobs_due(at(0)).await?.len())
}

/// A job that was enqueued again since it was loaded stays as it is.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_job_that_was_enqueued_again_stays(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a job that was enqueued again stays", store)?;
    let loaded = enqueued(&fixture, 0).await?;
    let moved = enqueued(&fixture, 60).await?;
    fixture.save(&fixture.acme, completes(&loaded)).await?;
    fixture.same("the job", &moved, &fixture.only_job(&fixture.acme, &fixture.berlin).await?)?;
    fixture.save(&fixture.acme, completes(&moved)).await?;
    fixture.same("what is left", &0, &fixture.jobs_due(at(60)).await?.len())
}

/// What a decision has looked at goes before what it enqueues for is saved: the next time is the one it enqueues for.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn completed_jobs_go_before_new_ones_come(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("completed jobs go before new ones come", store)?;
    let due = enqueued(&fixture, 0).await?;
    let tomorrow = enqueues(sync(&fixture.berlin), 86_400).jobs;
    fixture.save(&fixture.acme, Decision { jobs: tomorrow, ..completes(&due) }).await?;
    let next = fixture.only_job(&fixture.acme, &fixture.berlin).await?;
    fixture.same("the next time", &at(86_400), &next.at)
}

/// A job that is enqueued after it was completed gets a generation that it never had, so that a worker that loaded it
/// before completes nothing that was enqueued since.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_generation_never_comes_back(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a generation never comes back", store)?;
    let mut generations = Vec::new();
    for _ in 0..3 {
        let first = enqueued(&fixture, 0).await?;
        let second = enqueued(&fixture, 0).await?;
        fixture.save(&fixture.acme, completes(&second)).await?;
        generations.extend([first.generation, second.generation]);
    }
    let mut distinct = generations.clone();
    distinct.sort_unstable();
    distinct.dedup();
    fixture.same("generations, each once and growing", &distinct, &generations)?;
    let due = enqueued(&fixture, 0).await?;
    for generation in generations {
        fixture.save(&fixture.acme, completes(&Job { generation, ..due.clone() })).await?;
    }
    fixture.same("the job", &due, &fixture.only_job(&fixture.acme, &fixture.berlin).await?)
}
