//! Jobs that were looked at go, unless somebody asked again meanwhile.

use std::sync::Arc;

use mdm_vpp_core::transaction::{Decision, Job};

use super::super::{
    Violation,
    rows::{asks, at, settles, sync, tell_catalog},
    store_fixture::StoreFixture,
};
use crate::Store;

async fn asked(story: &StoreFixture, seconds: i64) -> Result<Job, Violation> {
    story.note(&story.acme, &[Job::at(sync(&story.berlin), at(seconds))]).await?;
    story.only_due(&story.acme, &story.berlin).await
}

/// A row that was looked at goes, and no other.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_row_that_was_looked_at_goes(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a row that was looked at goes", store)?;
    let due = asked(&story, 0).await?;
    story.note(&story.acme, &[Job::at(tell_catalog(1), at(0))]).await?;
    story.note(&story.globex, &[Job::at(sync(&story.berlin), at(0))]).await?;
    story.turn(&story.acme, settles(&due)).await?;
    let left: Vec<_> = story.due(at(0)).await?.into_iter().map(|due| (due.tenant, due.job.kind)).collect();
    let expected = vec![(story.acme.clone(), tell_catalog(1)), (story.globex.clone(), sync(&story.berlin))];
    story.same("what is left", &expected, &left)?;
    story.turn(&story.acme, settles(&due)).await?;
    story.same("settled twice", &2, &story.due(at(0)).await?.len())
}

/// A row that was asked for again since it was looked at stays as it is.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_row_that_was_asked_for_again_stays(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a row that was asked for again stays", store)?;
    let looked_at = asked(&story, 0).await?;
    let moved = asked(&story, 60).await?;
    story.turn(&story.acme, settles(&looked_at)).await?;
    story.same("the row", &moved, &story.only_due(&story.acme, &story.berlin).await?)?;
    story.turn(&story.acme, settles(&moved)).await?;
    story.same("what is left", &0, &story.due(at(60)).await?.len())
}

/// What a decision has looked at goes before what it asks for is saved: the next time is the one it asks for.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn settled_rows_go_before_new_ones_come(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("settled rows go before new ones come", store)?;
    let due = asked(&story, 0).await?;
    let tomorrow = asks(sync(&story.berlin), 86_400).jobs;
    story.turn(&story.acme, Decision { jobs: tomorrow, ..settles(&due) }).await?;
    let next = story.only_due(&story.acme, &story.berlin).await?;
    story.same("the next time", &at(86_400), &next.at)
}

/// A row that is asked for anew after it was settled has a count that it never had: who looked before settles
/// nothing that was asked for since.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_count_never_comes_back(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a count never comes back", store)?;
    let mut counts = Vec::new();
    for _ in 0..3 {
        let first = asked(&story, 0).await?;
        let second = asked(&story, 0).await?;
        story.turn(&story.acme, settles(&second)).await?;
        counts.extend([first.generation, second.generation]);
    }
    let mut distinct = counts.clone();
    distinct.sort_unstable();
    distinct.dedup();
    story.same("counts, each once and growing", &distinct, &counts)?;
    let due = asked(&story, 0).await?;
    for n in counts {
        story.turn(&story.acme, settles(&Job { generation: n, ..due.clone() })).await?;
    }
    story.same("the row", &due, &story.only_due(&story.acme, &story.berlin).await?)
}
