//! The full walk: all pages of the assignments are kept until the last one was read, then compared with all seats.

use std::{collections::BTreeMap, iter, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{FutureExt, StreamExt, TryStreamExt, future::join, stream};
use mdm_vpp_core::{
    seats::Agenda,
    talk::{
        Covers, Reading, Talk, TalkChanges, TalkRows, Walk, WalkListing, WalkPage, WalkPhase, decide_reading,
    },
    turn::{Decision, Due, DueKind},
};
use mdm_vpp_ports::{AssignmentsAsked, AssignmentsPage, Seats, ServiceError, TalkScope};

use super::{
    calls::{Left, TalkError},
    pages::{MOST_PAGES, is_out_of_range, next_page, too_many_pages},
    scopes,
    talker::Talker,
};

/// So many pages are read at a time, as Apple's documentation allows.
pub(super) const PARALLEL: usize = 5;
/// After so many pages the lease is looked at.
pub(super) const PAGES_AT_ONCE: usize = 50;
/// A walk that is older than this is begun again, in hours: what it says grows stale.
const OLDEST_WALK_HOURS: i64 = 6;
/// So many seats are compared in one turn.
const COMPARED_AT_ONCE: usize = 10_000;
/// A walk whose list became shorter is begun again after so many seconds, for licenses that were there may not have been
/// seen; after so many times it only adds what it saw.
const SHRUNK_SECONDS: i64 = 30;
const MOST_SHRUNK: u32 = 3;

impl<'p> Talker<'p> {
    /// Begins a walk, or goes on with the one that is under way, and ends it, with a delta from its first version: what was
    /// given while pages were read may be on none of them. The delta begins when the last page has come, and is read while
    /// seats are compared. When it has more pages or fails it is due instead.
    pub(super) async fn walk(&mut self, due: &Due) -> Result<Left, TalkError> {
        let under_way = self.walk_under_way().await?;
        let resumed = under_way.is_some();
        let mut walk = match under_way {
            Some(walk) => walk,
            None => self.begin_walk().await?,
        };
        if walk.phase == WalkPhase::Reading {
            walk.shrank |= self.read_pages(&walk).await?;
            if walk.shrank && due.tries < MOST_SHRUNK {
                self.forget_walk(&walk).await?;
                let wait = TimeDelta::seconds(SHRUNK_SECONDS);
                return Ok(Left::Again(due.again_in(self.parts.clock.now(), wait)));
            }
        }
        self.stay().await?;
        let (first_version, delta) = (walk.version.clone(), self.ahead(walk.version.clone()));
        let (compared, delta) = join(self.compare(walk), delta.boxed()).await;
        compared?;
        if !self.end_with(first_version, delta).await? {
            self.note(|location| DueKind::Confirm { location }).await?;
        }
        if resumed && self.is_any(Agenda::Look).await? {
            // It began before these were touched, so it said nothing of them.
            return Ok(Left::Again(Due { at: self.parts.clock.now(), tries: 0, ..due.clone() }));
        }
        Ok(Left::Nothing)
    }

    /// Reads a delta beside something else; `None` when it cannot be read, or has more than one page.
    fn ahead(&self, since: Option<String>) -> impl Future<Output = Option<Delta>> + Send + use<'p> {
        let (parts, lease, pace) = (self.parts, self.lease.clone(), self.limits.pace);
        let (service, secret) = (Arc::clone(&self.service), self.secret.clone());
        async move {
            let asked = AssignmentsAsked { since_version: Some(since?), ..AssignmentsAsked::default() };
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
    async fn end_with(&self, since: Option<String>, delta: Option<Delta>) -> Result<bool, TalkError> {
        let Some(Delta { begun_at, page }) = delta else { return Ok(false) };
        let rows = self.parts.load_talk(self.tenant, scopes::talk(self.location(), None)).await?;
        if rows.is_none_or(|rows| rows.talk.version != since) {
            return Ok(false);
        }
        let version = page.page.version_id.clone();
        self.take_in(page, begun_at, version).await?;
        Ok(!self.is_any(Agenda::Confirm).await?)
    }

    async fn forget_walk(&self, walk: &Walk) -> Result<(), TalkError> {
        self.save_walk(walk, |rows| TalkChanges {
            talk: Some(Talk { walk: None, ..rows.talk.clone() }),
            forget_walk_pages: true,
            ..TalkChanges::default()
        })
        .await
    }

    async fn walk_under_way(&self) -> Result<Option<Walk>, TalkError> {
        let rows = self.parts.load_talk(self.tenant, scopes::talk(self.location(), None)).await?;
        let age = |walk: &Walk| self.parts.clock.now().signed_duration_since(walk.begun_at);
        let fresh = |walk: &Walk| age(walk) < TimeDelta::hours(OLDEST_WALK_HOURS);
        Ok(rows.and_then(|rows| rows.talk.walk).filter(fresh))
    }

    async fn begin_walk(&self) -> Result<Walk, TalkError> {
        let begun_at = self.parts.clock.now();
        let first = self.read(self.service.assignments(&self.secret, &AssignmentsAsked::default())).await?;
        let (version, pages) = (first.page.version_id.clone(), first.page.total.unwrap_or(1));
        if pages > MOST_PAGES {
            return Err(too_many_pages());
        }
        let walk = Walk { begun_at, version, pages, phase: WalkPhase::Reading, shrank: false };
        let (page, begun) = (kept(0, first)?, walk.clone());
        let decide = move |rows: &TalkRows| {
            let talk = TalkChanges {
                talk: Some(Talk { walk: Some(begun.clone()), ..rows.talk.clone() }),
                walk_pages: vec![page.clone()],
                forget_walk_pages: true,
                ..TalkChanges::default()
            };
            Decision { talk, ..Decision::default() }
        };
        self.save(scopes::talk(self.location(), Some(&self.lease)), decide).await?;
        Ok(walk)
    }

    /// Reads the pages that are not kept yet: those that the first page counted, then those that were added meanwhile.
    /// Says whether the list became shorter.
    async fn read_pages(&mut self, walk: &Walk) -> Result<bool, TalkError> {
        let kept: BTreeMap<u32, Option<u32>> =
            self.walk_pages().await?.into_iter().map(|page| (page.page, page.next)).collect();
        // Which page comes after the last one.
        let mut last = kept.last_key_value().map(|(page, next)| (*page, *next));
        let mut missing = (0..walk.pages).filter(|page| !kept.contains_key(page)).peekable();
        while missing.peek().is_some() {
            self.stay().await?;
            // As long as the lease need not be renewed, a page begins as soon as another has come. One does in any case:
            // the clock of the store may be behind ours.
            let first = missing.next();
            let more = iter::from_fn(|| if self.has_to_stay() { None } else { missing.next() });
            let reads = first.into_iter().chain(more).map(|page| self.read_page(walk, page).boxed());
            // While a page is kept, however slow the disk is, the next one is read.
            let read = stream::iter(reads).buffer_unordered(PARALLEL);
            let keeps = read.map_ok(|page| self.keep_page(walk, page).boxed());
            let mut kept = keeps.try_buffer_unordered(PARALLEL);
            let mut any_shrank = false;
            while let Some((read, shrank)) = kept.try_next().await? {
                last = last.max(read);
                any_shrank |= shrank;
            }
            if any_shrank {
                return Ok(true);
            }
        }
        let mut next = last.and_then(|(_, next)| next);
        while let Some(page) = next {
            self.stay().await?;
            let read = self.read_page(walk, page).await?;
            let (read, shrank) = self.keep_page(walk, read).await?;
            if shrank {
                return Ok(true);
            }
            next = read.and_then(|(_, next)| next);
        }
        Ok(false)
    }

    async fn read_page(&self, walk: &Walk, page: u32) -> Result<PageRead, TalkError> {
        let Some(read) = self.page(page).await? else { return Ok(PageRead { page: None, shrank: true }) };
        let shrank = read.page.total.is_some_and(|total| total < walk.pages);
        Ok(PageRead { page: Some(kept(page, read)?), shrank })
    }

    /// Keeps a page; which one it is and which one comes next, and whether the list became shorter.
    async fn keep_page(
        &self,
        walk: &Walk,
        read: PageRead,
    ) -> Result<(Option<(u32, Option<u32>)>, bool), TalkError> {
        let Some(page) = read.page else { return Ok((None, read.shrank)) };
        let which = (page.page, page.next);
        let keep =
            move |_: &TalkRows| TalkChanges { walk_pages: vec![page.clone()], ..TalkChanges::default() };
        self.save_walk(walk, keep).await?;
        Ok((Some(which), read.shrank))
    }

    /// Reads a page; `None` when the list has become shorter.
    pub(super) async fn page(&self, page: u32) -> Result<Option<AssignmentsPage>, TalkError> {
        let asked = AssignmentsAsked { page, ..AssignmentsAsked::default() };
        match self.read(self.service.assignments(&self.secret, &asked)).await {
            Err(error) if is_out_of_range(&error) => Ok(None),
            read => read.map(Some),
        }
    }

    async fn walk_pages(&self) -> Result<Vec<WalkPage>, TalkError> {
        let scope = TalkScope { walk_pages: true, ..scopes::talk(self.location(), None) };
        let rows = self.parts.load_talk(self.tenant, scope).await?;
        Ok(rows.map(|rows| rows.walk_pages).unwrap_or_default())
    }

    /// Compares all seats with what the walk lists, in the order of their keys, some at a time.
    async fn compare(&mut self, mut walk: Walk) -> Result<(), TalkError> {
        let listing = Arc::new(WalkListing::of(self.walk_pages().await?));
        loop {
            self.stay().await?;
            let after = match &walk.phase {
                WalkPhase::Merging { after } => after.clone(),
                WalkPhase::Reading => None,
            };
            let scope = scopes::seats(&self.lease, Seats::After(after, COMPARED_AT_ONCE));
            let (listing, compared, now) = (Arc::clone(&listing), walk.clone(), self.parts.clock.now());
            let decide = move |rows: &TalkRows| compare_some(rows, &listing, &compared, now);
            match self.decide(scope, decide).await? {
                Some(phase) => walk.phase = phase,
                None => return Ok(()),
            }
        }
    }

    /// Saves changes of a walk, as long as it is the one that is under way.
    async fn save_walk(
        &self,
        walk: &Walk,
        changes: impl Fn(&TalkRows) -> TalkChanges + Send + Sync + 'static,
    ) -> Result<(), TalkError> {
        let scope = scopes::talk(self.location(), Some(&self.lease));
        let begun_at = walk.begun_at;
        let decide = move |rows: &TalkRows| {
            let is_under_way = rows.talk.walk.as_ref().is_some_and(|walk| walk.begun_at == begun_at);
            let talk = if is_under_way { changes(rows) } else { TalkChanges::default() };
            Decision { talk, ..Decision::default() }
        };
        Ok(self.save(scope, decide).await?)
    }
}

/// Compares the seats among the rows, and says how far the walk is then; `None` when it has ended.
fn compare_some(
    rows: &TalkRows,
    listing: &WalkListing,
    walk: &Walk,
    now: DateTime<Utc>,
) -> (Decision, Option<WalkPhase>) {
    let under_way = rows.talk.walk.as_ref();
    if under_way.is_none_or(|now| (now.begun_at, &now.phase) != (walk.begun_at, &walk.phase)) {
        return (Decision::default(), None);
    }
    let after = match &walk.phase {
        WalkPhase::Merging { after } => after.as_ref(),
        WalkPhase::Reading => None,
    };
    let whole = rows.seats.len() < COMPARED_AT_ONCE;
    let last_seat = rows.seats.keys().next_back().filter(|_| !whole);
    let (listed, up_to) = listing.some(&rows.talk.location, after, last_seat, COMPARED_AT_ONCE);
    let covers = if walk.shrank { Covers::Nothing } else { Covers::UpTo(up_to.as_ref()) };
    let reading = Reading { begun_at: walk.begun_at, listed: &listed, covers };
    let (mut decision, _) = decide_reading(rows, &reading, now);
    let phase = up_to.map(|up_to| WalkPhase::Merging { after: Some(up_to) });
    let talk = match &phase {
        Some(phase) => {
            Talk { walk: Some(Walk { phase: phase.clone(), ..walk.clone() }), ..rows.talk.clone() }
        }
        None => Talk {
            walk: None,
            walked_at: if walk.shrank { rows.talk.walked_at } else { Some(walk.begun_at) },
            version: walk.version.clone(),
            ..rows.talk.clone()
        },
    };
    decision.talk.talk = Some(talk);
    decision.talk.forget_walk_pages = phase.is_none();
    (decision, phase)
}

/// A delta that is on one page, as it was read.
struct Delta {
    begun_at: DateTime<Utc>,
    page: AssignmentsPage,
}

/// A page that was read, on the way.
struct PageRead {
    /// `None` when there is no such page any more.
    page: Option<WalkPage>,
    /// The list has become shorter.
    shrank: bool,
}

pub(super) fn kept(page: u32, read: AssignmentsPage) -> Result<WalkPage, TalkError> {
    let next = next_page(page, &read.page)?;
    let pairs = read.assignments.into_iter().map(|assignment| (assignment.asset, assignment.holder));
    Ok(WalkPage::of(page, next, pairs))
}
