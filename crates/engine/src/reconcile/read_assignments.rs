//! The job `ReadAssignments`, the full read: all pages of the assignments are kept until the last one has come, then
//! compared with all seats.

use std::{collections::BTreeMap, iter, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{FutureExt, StreamExt, TryStreamExt, future::join, stream};
use mdm_vpp_core::{
    decide::assignments::{AssignmentsRead, Covers, decide_apply_read},
    location::{
        FullRead, FullReadListing, FullReadPage, FullReadPhase, LocationChanges, LocationRows, LocationState,
    },
    seats::NextAction,
    transaction::{Decision, Job, JobKind},
};
use mdm_vpp_ports::{AssignmentsPage, AssignmentsQuery, Seats};

use super::reads::{any_seat, apply_page, kept_page, read_page};
use crate::{
    context::{leased_scope, seats_scope},
    sessions::{
        JobOutcome, LocationSession, MOST_PAGES, SessionError, next_page, permit_read, stop, too_many_pages,
    },
};

/// Pages that are read at a time, as Apple's documentation allows.
pub(crate) const PARALLEL_READS: usize = 5;
/// After this many pages the lease is looked at. Our choice.
pub(crate) const PAGES_AT_ONCE: usize = 50;
/// A full read that is older is begun again, in hours. Our choice: what its first pages say grows stale.
const OLDEST_FULL_READ_HOURS: i64 = 6;
/// A list that changed while it was read is read again after this many minutes, which double each time: where it changes
/// all the time, each full read leaves some doubt. Our choice.
const FULL_READS_APART_MINUTES: i64 = 5;
const MOST_DOUBLED: u32 = 7;
/// Seats that are compared in one transaction. Our choice: as many as it can hold without keeping the tenant for long.
const COMPARED_AT_ONCE: usize = 10_000;

/// A delta that is on one page, as it was read.
struct Delta {
    begun_at: DateTime<Utc>,
    page: AssignmentsPage,
}

/// A page that was read.
struct PageRead {
    /// `None` when the list has become shorter.
    page: Option<FullReadPage>,
    /// The list is not the one that the full read began with.
    changed: bool,
}

/// A page that was kept.
struct PageKept {
    /// Its number, and that of the page after it.
    which: Option<(u32, Option<u32>)>,
    changed: bool,
}

/// Begins a full read, or goes on with the one that is under way, and ends it with a delta read from its first version:
/// what was given while pages were read may be on none of them. The delta read begins when the last page has come, and
/// runs while seats are compared. When the delta has more pages or fails, a delta read is enqueued instead.
pub(crate) async fn read_assignments(
    session: &mut LocationSession<'_>,
    job: &Job,
) -> Result<JobOutcome, SessionError> {
    let under_way = full_read_under_way(session).await?;
    let resumed = under_way.is_some();
    let mut full_read = match under_way {
        Some(full_read) => full_read,
        None => begin_full_read(session).await?,
    };
    if full_read.phase == FullReadPhase::Fetching {
        full_read.changed |= read_pages(session, &full_read).await?;
    }
    let changed = full_read.changed;
    session.renew_lease().await?;
    let since = full_read.version.clone();
    let delta = read_delta_ahead(session, since.clone());
    let (compared, delta) = join(compare(session, full_read), delta.boxed()).await;
    compared?;
    if !end_with(session, since, delta).await? {
        session.enqueue(|location| JobKind::ReadDelta { location }, session.now()).await?;
    }
    if changed {
        let wait = TimeDelta::minutes(FULL_READS_APART_MINUTES << job.tries.min(MOST_DOUBLED));
        return Ok(JobOutcome::Requeue(job.rescheduled_in(session.now(), wait)));
    }
    if resumed && any_seat(session, NextAction::ReadBack).await? {
        // The full read began before these seats were touched, so it said nothing of them.
        return Ok(JobOutcome::Requeue(Job { at: session.now(), tries: 0, ..job.clone() }));
    }
    Ok(JobOutcome::Done)
}

/// Reads a delta beside something else; `None` when it cannot be read, or has more than one page.
fn read_delta_ahead<'p>(
    session: &LocationSession<'p>,
    since: Option<String>,
) -> impl Future<Output = Option<Delta>> + Send + use<'p> {
    // It outlives no borrow of the session, which the comparison needs for itself meanwhile.
    let (sessions, lease, pace) = (session.sessions(), session.lease().clone(), session.limits().pace);
    let (service, secret) = (Arc::clone(session.service()), session.secret().clone());
    async move {
        let query = AssignmentsQuery { since_version: Some(since?), ..AssignmentsQuery::default() };
        let under_way = permit_read(sessions, &lease, pace).await.ok()?;
        let begun_at = sessions.context().now();
        let answer = service.assignments(&secret, &query).await;
        drop(under_way);
        stop(sessions, &lease, pace, answer.as_ref().err());
        let page = answer.ok()?;
        let is_whole = next_page(query.page, &page.page).is_ok_and(|next| next.is_none());
        is_whole.then_some(Delta { begun_at, page })
    }
}

/// Applies the delta of a full read that has ended. Says whether every license that was reported as given is listed.
async fn end_with(
    session: &LocationSession<'_>,
    since: Option<String>,
    delta: Option<Delta>,
) -> Result<bool, SessionError> {
    let Some(Delta { begun_at, page }) = delta else { return Ok(false) };
    let rows = session.load(session.scope()).await?;
    if rows.is_none_or(|rows| rows.state.version != since) {
        // The full read did not end at the version that the delta begins with.
        return Ok(false);
    }
    let version = page.page.version_id.clone();
    apply_page(session, page, begun_at, version).await?;
    Ok(!any_seat(session, NextAction::ReadDelta).await?)
}

async fn full_read_under_way(session: &LocationSession<'_>) -> Result<Option<FullRead>, SessionError> {
    let rows = session.load(session.scope()).await?;
    let age = |full_read: &FullRead| session.now().signed_duration_since(full_read.begun_at);
    // One of the future was begun by a clock that was ahead: which seats were touched since is not known.
    let fresh = |full_read: &FullRead| {
        (TimeDelta::zero()..TimeDelta::hours(OLDEST_FULL_READ_HOURS)).contains(&age(full_read))
    };
    Ok(rows.and_then(|rows| rows.state.full_read).filter(fresh))
}

async fn begin_full_read(session: &LocationSession<'_>) -> Result<FullRead, SessionError> {
    let begun_at = session.now();
    let query = AssignmentsQuery::default();
    let first = session.read(session.service().assignments(session.secret(), &query)).await?;
    let (version, pages) = (first.page.version_id.clone(), first.page.total.unwrap_or(1));
    if pages > MOST_PAGES {
        return Err(too_many_pages());
    }
    let full_read = FullRead { begun_at, version, pages, phase: FullReadPhase::Fetching, changed: false };
    let (page, begun) = (kept_page(0, first)?, full_read.clone());
    let decide = move |rows: &LocationRows| {
        let location = LocationChanges {
            state: Some(LocationState { full_read: Some(begun.clone()), ..rows.state.clone() }),
            full_read_pages: vec![page.clone()],
            forget_full_read_pages: true,
            ..LocationChanges::default()
        };
        Decision { location, ..Decision::default() }
    };
    session.save(leased_scope(session.lease()), decide).await?;
    Ok(full_read)
}

/// Reads the pages that are not kept yet: those that the first page counted, then those that were added meanwhile. Says
/// whether the list changed meanwhile.
async fn read_pages(session: &mut LocationSession<'_>, full_read: &FullRead) -> Result<bool, SessionError> {
    let kept: BTreeMap<u32, Option<u32>> =
        full_read_pages(session).await?.into_iter().map(|page| (page.page, page.next)).collect();
    let mut changed = false;
    // The last page, and which one comes after it.
    let mut last = kept.last_key_value().map(|(page, next)| (*page, *next));
    let mut missing = (0..full_read.pages).filter(|page| !kept.contains_key(page)).peekable();
    while missing.peek().is_some() {
        session.renew_lease().await?;
        let leased = &*session;
        // Until the lease has to be renewed, a page begins as soon as another has come. One does in any case: the clock
        // of the store may be behind ours, so that a lease looks old when it was just renewed.
        let first = missing.next();
        let more = iter::from_fn(|| if leased.needs_renewal() { None } else { missing.next() });
        let reads = first.into_iter().chain(more).map(|page| fetch_page(leased, full_read, page).boxed());
        // While a page is kept, however slow the disk is, the next one is read.
        let read = stream::iter(reads).buffer_unordered(PARALLEL_READS);
        let keeps = read.map_ok(|page| keep_page(leased, full_read, page).boxed());
        let mut kept = keeps.try_buffer_unordered(PARALLEL_READS);
        while let Some(kept) = kept.try_next().await? {
            last = last.max(kept.which);
            changed |= kept.changed;
        }
    }
    let mut next = last.and_then(|(_, next)| next);
    while let Some(page) = next {
        session.renew_lease().await?;
        let read = fetch_page(session, full_read, page).await?;
        let kept = keep_page(session, full_read, read).await?;
        changed |= kept.changed;
        next = kept.which.and_then(|(_, next)| next);
    }
    Ok(changed)
}

async fn fetch_page(
    session: &LocationSession<'_>,
    full_read: &FullRead,
    page: u32,
) -> Result<PageRead, SessionError> {
    let Some(read) = read_page(session, page).await? else {
        return Ok(PageRead { page: None, changed: true });
    };
    let changed = read.page.version_id != full_read.version;
    Ok(PageRead { page: Some(kept_page(page, read)?), changed })
}

/// Keeps a page, and that the list changed, as long as the full read is the one that is under way.
async fn keep_page(
    session: &LocationSession<'_>,
    full_read: &FullRead,
    read: PageRead,
) -> Result<PageKept, SessionError> {
    let PageRead { page, changed } = read;
    let which = page.as_ref().map(|page| (page.page, page.next));
    let begun_at = full_read.begun_at;
    let decide = move |rows: &LocationRows| {
        let Some(under_way) = rows.state.full_read.as_ref().filter(|one| one.begun_at == begun_at) else {
            return Decision::default();
        };
        let marked = (changed && !under_way.changed).then(|| FullRead { changed, ..under_way.clone() });
        let location = LocationChanges {
            state: marked.map(|full_read| LocationState { full_read: Some(full_read), ..rows.state.clone() }),
            full_read_pages: page.iter().cloned().collect(),
            ..LocationChanges::default()
        };
        Decision { location, ..Decision::default() }
    };
    session.save(leased_scope(session.lease()), decide).await?;
    Ok(PageKept { which, changed })
}

async fn full_read_pages(session: &LocationSession<'_>) -> Result<Vec<FullReadPage>, SessionError> {
    let rows = session.load(session.scope().full_read_pages()).await?;
    Ok(rows.map(|rows| rows.full_read_pages).unwrap_or_default())
}

/// Compares all seats with what the full read lists, in the order of their keys, some in each transaction.
async fn compare(session: &mut LocationSession<'_>, mut full_read: FullRead) -> Result<(), SessionError> {
    let listing = Arc::new(FullReadListing::of(full_read_pages(session).await?));
    loop {
        session.renew_lease().await?;
        let after = match &full_read.phase {
            FullReadPhase::Merging { after } => after.clone(),
            FullReadPhase::Fetching => None,
        };
        let scope = seats_scope(session.lease(), Seats::After(after, COMPARED_AT_ONCE));
        let (listing, compared, now) = (Arc::clone(&listing), full_read.clone(), session.now());
        let decide = move |rows: &LocationRows| compare_some(rows, &listing, &compared, now);
        match session.decide(scope, decide).await? {
            Some(phase) => full_read.phase = phase,
            None => return Ok(()),
        }
    }
}

/// Compares the seats among the rows, and says how far the full read is then; `None` when it has ended.
fn compare_some(
    rows: &LocationRows,
    listing: &FullReadListing,
    full_read: &FullRead,
    now: DateTime<Utc>,
) -> (Decision, Option<FullReadPhase>) {
    let under_way = rows.state.full_read.as_ref();
    if under_way.is_none_or(|now| (now.begun_at, &now.phase) != (full_read.begun_at, &full_read.phase)) {
        return (Decision::default(), None);
    }
    let after = match &full_read.phase {
        FullReadPhase::Merging { after } => after.as_ref(),
        FullReadPhase::Fetching => None,
    };
    // Fewer seats than were asked for are the last ones, so the comparison covers all keys behind them too.
    let are_all = rows.seats.len() < COMPARED_AT_ONCE;
    let last_seat = rows.seats.keys().next_back().filter(|_| !are_all);
    let (listed, up_to) = listing.some(&rows.state.location, after, last_seat, COMPARED_AT_ONCE);
    let end = up_to.as_ref();
    let covers = if full_read.changed { Covers::DoubtfullyUpTo(end) } else { Covers::UpTo(end) };
    let read = AssignmentsRead { begun_at: full_read.begun_at, listed: &listed, covers };
    let (mut decision, _) = decide_apply_read(rows, &read, now);
    let phase = up_to.map(|up_to| FullReadPhase::Merging { after: Some(up_to) });
    let state = match &phase {
        Some(phase) => LocationState {
            full_read: Some(FullRead { phase: phase.clone(), ..full_read.clone() }),
            ..rows.state.clone()
        },
        None => LocationState {
            full_read: None,
            fully_read_at: Some(full_read.begun_at),
            version: full_read.version.clone(),
            ..rows.state.clone()
        },
    };
    decision.location.state = Some(state);
    decision.location.forget_full_read_pages = phase.is_none();
    (decision, phase)
}
