//! What is due: when, in which order, and how often it was asked for.

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

/// A row that is asked for again keeps the earlier time, counts one more and takes the new number of tries,
/// whatever count the caller gives.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn asking_again_keeps_the_earlier_time_and_counts(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("asking again keeps the earlier time and counts", store)?;
    let kind = sync(&story.berlin);
    for (step, seconds, tries, expected_seconds, expected_n) in [
        ("at first", 100, 3, 100, 1),
        ("later", 200, 0, 100, 2),
        ("earlier", 50, 7, 50, 3),
        ("at the same time", 50, 1, 50, 4),
    ] {
        let asked = Job { kind: kind.clone(), at: at(seconds), generation: 40, tries };
        story.note(&story.acme, &[asked]).await?;
        let expected = Job { kind: kind.clone(), at: at(expected_seconds), generation: expected_n, tries };
        story.same(step, &expected, &story.only_due(&story.acme, &story.berlin).await?)?;
    }
    let twice = [Job::at(kind.clone(), at(70)), Job::at(kind.clone(), at(60))];
    story.note(&story.acme, &twice).await?;
    let expected = Job { kind, at: at(50), generation: 6, tries: 0 };
    story.same("twice at once", &expected, &story.only_due(&story.acme, &story.berlin).await?)
}

/// What a transaction asks for is noted like anything else.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_turn_asks_like_a_note(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a turn asks like a note", store)?;
    let kind = sync(&story.berlin);
    let asks = |seconds, tries| mdm_vpp_core::transaction::Decision {
        jobs: vec![Job { kind: sync(&story.berlin), at: at(seconds), generation: 9, tries }],
        ..Default::default()
    };
    story.turn(&story.acme, asks(100, 2)).await?;
    let expected = Job { kind: kind.clone(), at: at(100), generation: 1, tries: 2 };
    story.same("at first", &expected, &story.only_due(&story.acme, &story.berlin).await?)?;
    story.turn(&story.acme, asks(200, 5)).await?;
    let expected = Job { kind, at: at(100), generation: 2, tries: 5 };
    story.same("again", &expected, &story.only_due(&story.acme, &story.berlin).await?)
}

/// Noting counts no transaction, and noting nothing changes nothing.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_note_counts_no_turn(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a note counts no turn", store)?;
    story.note(&story.acme, &[]).await?;
    story.same("due after noting nothing", &0, &story.due(at(0)).await?.len())?;
    story.note(&story.acme, &[Job::at(sync(&story.berlin), at(0))]).await?;
    story.same("turns", &0, &story.turns_of(&story.acme).await?)?;
    story.same("due", &1, &story.due(at(0)).await?.len())
}

/// What is due comes oldest first over all tenants; at the same time by tenant, kind and subject.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn the_oldest_comes_first_over_all_tenants(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("the oldest comes first over all tenants", store)?;
    let (acme, globex) = (&story.acme, &story.globex);
    let due = |kind: &JobKind, seconds| Job::at(kind.clone(), at(seconds));
    let take_over = JobKind::TakeOverLocation { location: story.berlin.clone() };
    let (sync_berlin, sync_munich) = (sync(&story.berlin), sync(&story.munich));
    let (tell_2, tell_10) = (tell_catalog(2), tell_catalog(10));
    let claim_munich = claim(&story.munich);
    story.note(globex, &[due(&claim_munich, 10), due(&sync_munich, -20)]).await?;
    let at_ten = [&tell_2, &take_over, &tell_10, &sync_berlin].map(|kind| due(kind, 10));
    story.note(acme, &at_ten).await?;
    story.note(acme, &[due(&claim(&story.berlin), -10)]).await?;

    let expected = [
        (globex.clone(), sync_munich),
        (acme.clone(), claim(&story.berlin)),
        (acme.clone(), sync_berlin),
        (acme.clone(), take_over),
        (acme.clone(), tell_10),
        (acme.clone(), tell_2),
        (globex.clone(), claim_munich),
    ];
    for limit in 0..=expected.len() + 1 {
        let found = story.due_up_to(at(10), limit).await?;
        let found: Vec<_> = found.into_iter().map(|due| (due.tenant, due.job.kind)).collect();
        let expected: Vec<_> = expected.iter().take(limit).cloned().collect();
        story.same(&format!("the first {limit}"), &expected, &found)?;
    }
    Ok(())
}

/// What is due later does not come yet; what is due at this very time does.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn what_is_due_later_does_not_come_yet(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("what is due later does not come yet", store)?;
    story.note(&story.acme, &[Job::at(sync(&story.berlin), at(10))]).await?;
    let microsecond = TimeDelta::microseconds(1);
    story.same("just before", &0, &story.due(at(10) - microsecond).await?.len())?;
    story.same("at the time", &1, &story.due(at(10)).await?.len())?;
    story.same("just after", &1, &story.due(at(10) + microsecond).await?.len())
}

/// Times of jobs are kept to the microsecond, cut off.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn due_times_are_kept_to_the_microsecond(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("due times are kept to the microsecond", store)?;
    let fine = at(0) + TimeDelta::nanoseconds(123_456_789);
    let kept = at(0) + TimeDelta::microseconds(123_456);
    story.note(&story.acme, &[Job::at(sync(&story.berlin), fine)]).await?;
    story.same("the row", &kept, &story.only_due(&story.acme, &story.berlin).await?.at)?;
    let next = story.works("asking when", story.store.next_due().await)?;
    story.same("the next time", &Some(kept), &next)?;
    story.same("due at the next time", &1, &story.due(kept).await?.len())?;
    let long_ago = chrono::DateTime::UNIX_EPOCH - TimeDelta::nanoseconds(1_500);
    story.note(&story.acme, &[Job::at(sync(&story.berlin), long_ago)]).await?;
    let kept = chrono::DateTime::UNIX_EPOCH - TimeDelta::microseconds(2);
    story.same("before 1970", &kept, &story.only_due(&story.acme, &story.berlin).await?.at)
}

/// What a tenant has due about a location comes oldest first, whenever it is due; nothing else comes.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_location_is_told_all_that_it_has_due(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a location is told all that it has due", store)?;
    let acme = &story.acme;
    let far = Job::at(sync(&story.berlin), at(1_000_000_000));
    story.note(acme, std::slice::from_ref(&far)).await?;
    let near = Job::at(claim(&story.berlin), at(-5));
    story
        .note(acme, &[Job::at(tell_catalog(1), at(0)), Job::at(sync(&story.munich), at(0)), near.clone()])
        .await?;
    story.note(&story.globex, &[Job::at(sync(&story.berlin), at(0))]).await?;
    let expected = vec![Job { generation: 1, ..near }, Job { generation: 1, ..far }];
    story.same("what it has due", &expected, &story.due_of(acme, &story.berlin).await?)
}

/// The next due time is the earliest over all tenants.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn the_next_due_time_is_the_earliest_of_all(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("the next due time is the earliest of all", store)?;
    story.same("of nothing", &None, &story.works("asking when", story.store.next_due().await)?)?;
    for (tenant, seconds, expected) in [(&story.globex, 30, 30), (&story.acme, 40, 30), (&story.acme, 20, 20)]
    {
        story.note(tenant, &[Job::at(sync(&story.berlin), at(seconds))]).await?;
        let next = story.works("asking when", story.store.next_due().await)?;
        story.same("the next time", &Some(at(expected)), &next)?;
    }
    Ok(())
}

/// Notes that come at the same time are all counted.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn notes_at_the_same_time_are_all_counted(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("notes at the same time are all counted", store)?;
    let asked: Vec<[Job; 1]> =
        (0..24).map(|seconds| [Job::at(sync(&story.berlin), at(24 - seconds))]).collect();
    for noted in join_all(asked.iter().map(|due| story.store.enqueue(&story.acme, due))).await {
        story.works("a note among others", noted)?;
    }
    let due = story.only_due(&story.acme, &story.berlin).await?;
    story.same("how often, and when", &(24, at(1)), &(due.generation, due.at))
}
