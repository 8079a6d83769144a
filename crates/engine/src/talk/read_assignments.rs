//! The full walk: all pages of the assignments are kept until the last one was read, then compared with all seats.

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
use mdm_vpp_ports::{AssignmentsPage, AssignmentsQuery, LocationScope, Seats, ServiceError};

use super::{
    calls::{JobOutcome, SessionError},
    location_session::LocationSession,
    pages::{MOST_PAGES, is_out_of_range, next_page, too_many_pages},
    scopes,
};

/// So many pages are read at a time, as Apple's documentation allows.
pub(super) const PARALLEL: usize = 5;
/// After so many pages the lease is looked at.
pub(super) const PAGES_AT_ONCE: usize = 50;
/// A walk that is older than this is begun again, in hours: what it says grows stale.
const OLDEST_FULL_READ_HOURS: i64 = 6;
/// A list that changed while it was walked through is walked through again after so many minutes, which double each time:
/// where it changes all the time, each walk leaves some doubt.
const FULL_READS_APART_MINUTES: i64 = 5;
const MOST_DOUBLED: u32 = 7;
/// So many seats are compared in one transaction.
const COMPARED_AT_ONCE: usize = 10_000;

impl<'p> LocationSession<'p> {
    /// Begins a walk, or goes on with the one that is under way, and ends it, with a delta from its first version: what was
    /// given while pages were read may be on none of them. The delta begins when the last page has come, and is read while
    /// seats are compared. When it has more pages or fails it is due instead.
    pub(super) async fn read_assignments(&mut self, due: &Job) -> Result<JobOutcome, SessionError> {
        let under_way = self.full_read_under_way().await?;
        let resumed = under_way.is_some();
        let mut walk = match under_way {
            Some(walk) => walk,
            None => self.begin_full_read().await?,
        };
        if walk.phase == FullReadPhase::Reading {
            walk.changed |= self.read_pages(&walk).await?;
        }
        let changed = walk.changed;
        self.renew_lease().await?;
        let (first_version, delta) = (walk.version.clone(), self.ahead(walk.version.clone()));
        let (compared, delta) = join(self.compare(walk), delta.boxed()).await;
        compared?;
        if !self.end_with(first_version, delta).await? {
            self.enqueue(|location| JobKind::ReadDelta { location }).await?;
        }
        if changed {
            let wait = TimeDelta::minutes(FULL_READS_APART_MINUTES << due.tries.min(MOST_DOUBLED));
            return Ok(JobOutcome::Requeue(due.rescheduled_in(self.parts.clock.now(), wait)));
        }
        if resumed && self.is_any(NextAction::ReadBack).await? {
            // It began before these were touched, so it said nothing of them.
            return Ok(JobOutcome::Requeue(Job { at: self.parts.clock.now(), tries: 0, ..due.clone() }));
        }
        Ok(JobOutcome::Done)
    }

    /// Reads a delta beside something else; `None` when it cannot be read, or has more than one page.
    fn ahead(&self, since: Option<String>) -> impl Future<Output = Option<Delta>> + Send + use<'p> {
        let (parts, lease, pace) = (self.parts, self.lease.clone(), self.limits.pace);
        let (service, secret) = (Arc::clone(&self.service), self.secret.clone());
        async move {
            let asked = AssignmentsQuery { since_version: Some(since?), ..AssignmentsQuery::default() };
            let under_way = parts.permit_read(&lease, pace).await.ok()?;
            let begun_at = parts.clock.now();
            let answer = service.assignments(&secret, &asked).await;
            drop(under_way);
            if let Some(wait) = answer.as_ref().err().and_then(ServiceError::retry_after) {
                parts.stop(&lease, pace, TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX));
            }
            let page = answer.ok()?;
            let whole = next_page(asked.page, &page.page).is_ok_and(|next| next.is_none());
            whole.then_some(Delta { begun_at, page })
        }
    }

    /// Takes in the delta of a walk that has ended. Says whether nothing is left to be confirmed.
    async fn end_with(&self, since: Option<String>, delta: Option<Delta>) -> Result<bool, SessionError> {
        let Some(Delta { begun_at, page }) = delta else { return Ok(false) };
        let rows =
            self.parts.load_location(self.tenant, scopes::location_scope(self.location(), None)).await?;
        if rows.is_none_or(|rows| rows.state.version != since) {
            return Ok(false);
        }
        let version = page.page.version_id.clone();
        self.apply_read(page, begun_at, version).await?;
        Ok(!self.is_any(NextAction::ReadDelta).await?)
    }

    async fn full_read_under_way(&self) -> Result<Option<FullRead>, SessionError> {
        let rows =
            self.parts.load_location(self.tenant, scopes::location_scope(self.location(), None)).await?;
        let age = |walk: &FullRead| self.parts.clock.now().signed_duration_since(walk.begun_at);
        // One of the future was begun by a clock that was ahead: what was touched since is not known.
        let fresh = |walk: &FullRead| {
            (TimeDelta::zero()..TimeDelta::hours(OLDEST_FULL_READ_HOURS)).contains(&age(walk))
        };
        Ok(rows.and_then(|rows| rows.state.full_read).filter(fresh))
    }

    async fn begin_full_read(&self) -> Result<FullRead, SessionError> {
        let begun_at = self.parts.clock.now();
        let first = self.read(self.service.assignments(&self.secret, &AssignmentsQuery::default())).await?;
        let (version, pages) = (first.page.version_id.clone(), first.page.total.unwrap_or(1));
        if pages > MOST_PAGES {
            return Err(too_many_pages());
        }
        let walk = FullRead { begun_at, version, pages, phase: FullReadPhase::Reading, changed: false };
        let (page, begun) = (kept(0, first)?, walk.clone());
        let decide = move |rows: &LocationRows| {
            let talk = LocationChanges {
                state: Some(LocationState { full_read: Some(begun.clone()), ..rows.state.clone() }),
                full_read_pages: vec![page.clone()],
                forget_full_read_pages: true,
                ..LocationChanges::default()
            };
            Decision { location: talk, ..Decision::default() }
        };
        self.save(scopes::location_scope(self.location(), Some(&self.lease)), decide).await?;
        Ok(walk)
    }

    /// Reads the pages that are not kept yet: those that the first page counted, then those that were added meanwhile.
    /// Says whether the list changed meanwhile.
    async fn read_pages(&mut self, walk: &FullRead) -> Result<bool, SessionError> {
        let kept: BTreeMap<u32, Option<u32>> =
            self.full_read_pages().await?.into_iter().map(|page| (page.page, page.next)).collect();
        let mut changed = false;
        // Which page comes after the last one.
        let mut last = kept.last_key_value().map(|(page, next)| (*page, *next));
        let mut missing = (0..walk.pages).filter(|page| !kept.contains_key(page)).peekable();
        while missing.peek().is_some() {
            self.renew_lease().await?;
            // As long as the lease need not be renewed, a page begins as soon as another has come. One does in any case:
            // the clock of the store may be behind ours.
            let first = missing.next();
            let more = iter::from_fn(|| if self.needs_renewal() { None } else { missing.next() });
            let reads = first.into_iter().chain(more).map(|page| self.read_page(walk, page).boxed());
            // While a page is kept, however slow the disk is, the next one is read.
            let read = stream::iter(reads).buffer_unordered(PARALLEL);
            let keeps = read.map_ok(|page| self.keep_page(walk, page).boxed());
            let mut kept = keeps.try_buffer_unordered(PARALLEL);
            while let Some(kept) = kept.try_next().await? {
                last = last.max(kept.which);
                changed |= kept.changed;
            }
        }
        let mut next = last.and_then(|(_, next)| next);
        while let Some(page) = next {
            self.renew_lease().await?;
            let read = self.read_page(walk, page).await?;
            let kept = self.keep_page(walk, read).await?;
            changed |= kept.changed;
            next = kept.which.and_then(|(_, next)| next);
        }
        Ok(changed)
    }

    async fn read_page(&self, walk: &FullRead, page: u32) -> Result<PageRead, SessionError> {
        let Some(read) = self.page(page).await? else { return Ok(PageRead { page: None, changed: true }) };
        let changed = read.page.version_id != walk.version;
        Ok(PageRead { page: Some(kept(page, read)?), changed })
    }

    /// Keeps a page, and that the list changed.
    async fn keep_page(&self, walk: &FullRead, read: PageRead) -> Result<PageKept, SessionError> {
        let (page, changed) = (read.page, read.changed);
        let which = page.as_ref().map(|page| (page.page, page.next));
        let keep = move |rows: &LocationRows| {
            let news = rows.state.full_read.as_ref().filter(|walk| changed && !walk.changed);
            let walk = news.map(|walk| FullRead { changed, ..walk.clone() });
            LocationChanges {
                state: walk.map(|walk| LocationState { full_read: Some(walk), ..rows.state.clone() }),
                full_read_pages: page.iter().cloned().collect(),
                ..LocationChanges::default()
            }
        };
        self.save_full_read(walk, keep).await?;
        Ok(PageKept { which, changed })
    }

    /// Reads a page; `None` when the list has become shorter.
    pub(super) async fn page(&self, page: u32) -> Result<Option<AssignmentsPage>, SessionError> {
        let asked = AssignmentsQuery { page, ..AssignmentsQuery::default() };
        match self.read(self.service.assignments(&self.secret, &asked)).await {
            Err(error) if is_out_of_range(&error) => Ok(None),
            read => read.map(Some),
        }
    }

    async fn full_read_pages(&self) -> Result<Vec<FullReadPage>, SessionError> {
        let scope = LocationScope { full_read_pages: true, ..scopes::location_scope(self.location(), None) };
        let rows = self.parts.load_location(self.tenant, scope).await?;
        Ok(rows.map(|rows| rows.full_read_pages).unwrap_or_default())
    }

    /// Compares all seats with what the walk lists, in the order of their keys, some at a time.
    async fn compare(&mut self, mut walk: FullRead) -> Result<(), SessionError> {
        let listing = Arc::new(FullReadListing::of(self.full_read_pages().await?));
        loop {
            self.renew_lease().await?;
            let after = match &walk.phase {
                FullReadPhase::Merging { after } => after.clone(),
                FullReadPhase::Reading => None,
            };
            let scope = scopes::seats_scope(&self.lease, Seats::After(after, COMPARED_AT_ONCE));
            let (listing, compared, now) = (Arc::clone(&listing), walk.clone(), self.parts.clock.now());
            let decide = move |rows: &LocationRows| compare_some(rows, &listing, &compared, now);
            match self.decide(scope, decide).await? {
                Some(phase) => walk.phase = phase,
                None => return Ok(()),
            }
        }
    }

    /// Saves changes of a walk, as long as it is the one that is under way.
    async fn save_full_read(
        &self,
        walk: &FullRead,
        changes: impl Fn(&LocationRows) -> LocationChanges + Send + Sync + 'static,
    ) -> Result<(), SessionError> {
        let scope = scopes::location_scope(self.location(), Some(&self.lease));
        let begun_at = walk.begun_at;
        let decide = move |rows: &LocationRows| {
            let is_under_way = rows.state.full_read.as_ref().is_some_and(|walk| walk.begun_at == begun_at);
            let talk = if is_under_way { changes(rows) } else { LocationChanges::default() };
            Decision { location: talk, ..Decision::default() }
        };
        Ok(self.save(scope, decide).await?)
    }
}

/// Compares the seats among the rows, and says how far the walk is then; `None` when it has ended.
fn compare_some(
    rows: &LocationRows,
    listing: &FullReadListing,
    walk: &FullRead,
    now: DateTime<Utc>,
) -> (Decision, Option<FullReadPhase>) {
    let under_way = rows.state.full_read.as_ref();
    if under_way.is_none_or(|now| (now.begun_at, &now.phase) != (walk.begun_at, &walk.phase)) {
        return (Decision::default(), None);
    }
    let after = match &walk.phase {
        FullReadPhase::Merging { after } => after.as_ref(),
        FullReadPhase::Reading => None,
    };
    let whole = rows.seats.len() < COMPARED_AT_ONCE;
    let last_seat = rows.seats.keys().next_back().filter(|_| !whole);
    let (listed, up_to) = listing.some(&rows.state.location, after, last_seat, COMPARED_AT_ONCE);
    let up_to_here = up_to.as_ref();
    let covers = if walk.changed { Covers::DoubtfullyUpTo(up_to_here) } else { Covers::UpTo(up_to_here) };
    let reading = AssignmentsRead { begun_at: walk.begun_at, listed: &listed, covers };
    let (mut decision, _) = decide_apply_read(rows, &reading, now);
    let phase = up_to.map(|up_to| FullReadPhase::Merging { after: Some(up_to) });
    let talk = match &phase {
        Some(phase) => LocationState {
            full_read: Some(FullRead { phase: phase.clone(), ..walk.clone() }),
            ..rows.state.clone()
        },
        None => LocationState {
            full_read: None,
            fully_read_at: Some(walk.begun_at),
            version: walk.version.clone(),
            ..rows.state.clone()
        },
    };
    decision.location.state = Some(talk);
    decision.location.forget_full_read_pages = phase.is_none();
    (decision, phase)
}

/// A delta that is on one page, as it was read.
struct Delta {
    begun_at: DateTime<Utc>,
    page: AssignmentsPage,
}

/// A page that was read.
struct PageRead {
    /// `None` when the list has become shorter.
    page: Option<FullReadPage>,
    /// The list is not the one that the walk began with.
    changed: bool,
}

/// A page that was kept.
struct PageKept {
    /// Which one, and which comes next.
    which: Option<(u32, Option<u32>)>,
    changed: bool,
}

pub(super) fn kept(page: u32, read: AssignmentsPage) -> Result<FullReadPage, SessionError> {
    let next = next_page(page, &read.page)?;
    let pairs = read.assignments.into_iter().map(|assignment| (assignment.asset, assignment.holder));
    Ok(FullReadPage::of(page, next, pairs))
}
