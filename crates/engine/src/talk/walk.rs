//! The full walk: all pages of the assignments are kept until the last one was read, then compared with all seats.

use std::{collections::BTreeMap, iter, sync::Arc};

use chrono::TimeDelta;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use mdm_vpp_core::{
    talk::{
        Covers, Reading, Talk, TalkChanges, TalkRows, Walk, WalkListing, WalkPage, WalkPhase, decide_reading,
    },
    turn::Decision,
};
use mdm_vpp_ports::{AssignmentsAsked, AssignmentsPage, Seats, TalkScope};

use super::{
    calls::{Left, TalkError},
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
/// "Page index out of range": the list has become shorter.
const OUT_OF_RANGE: u32 = 9650;

impl Talker<'_> {
    /// Begins a walk, or goes on with the one that is under way, and ends it.
    pub(super) async fn walk(&mut self) -> Result<Left, TalkError> {
        let walk = match self.walk_under_way().await? {
            Some(walk) => walk,
            None => self.begin_walk().await?,
        };
        if walk.phase == WalkPhase::Reading {
            self.read_pages(&walk).await?;
        }
        let version = walk.version.clone();
        self.compare(walk).await?;
        if let Some(version) = version {
            self.read_delta(version).await?;
        }
        Ok(Left::Nothing)
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
        let walk = Walk { begun_at, version, pages, phase: WalkPhase::Reading };
        let (page, begun) = (kept(0, first), walk.clone());
        self.save_walk(move |rows| TalkChanges {
            talk: Some(Talk { walk: Some(begun.clone()), ..rows.talk.clone() }),
            walk_pages: vec![page.clone()],
            forget_walk_pages: true,
            ..TalkChanges::default()
        })
        .await?;
        Ok(walk)
    }

    /// Reads the pages that are not kept yet: those that the first page counted, then those that were added meanwhile.
    async fn read_pages(&mut self, walk: &Walk) -> Result<(), TalkError> {
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
            let reads = first.into_iter().chain(more).map(|page| self.read_page(page).boxed());
            // While a page is kept, however slow the disk is, the next one is read.
            let read = stream::iter(reads).buffer_unordered(PARALLEL);
            let mut kept = read.map_ok(|page| self.keep_page(page).boxed()).try_buffer_unordered(PARALLEL);
            while let Some(page) = kept.try_next().await? {
                last = last.max(Some(page));
            }
        }
        let mut next = last.and_then(|(_, next)| next);
        while let Some(page) = next {
            self.stay().await?;
            let page = self.read_page(page).await?;
            (_, next) = self.keep_page(page).await?;
        }
        Ok(())
    }

    async fn read_page(&self, page: u32) -> Result<WalkPage, TalkError> {
        Ok(kept(page, self.page(page).await?))
    }

    /// Keeps a page; which one it is, and which one comes next.
    async fn keep_page(&self, page: WalkPage) -> Result<(u32, Option<u32>), TalkError> {
        let which = (page.page, page.next);
        let keep =
            move |_: &TalkRows| TalkChanges { walk_pages: vec![page.clone()], ..TalkChanges::default() };
        self.save_walk(keep).await?;
        Ok(which)
    }

    /// Reads a page; an empty one when the list has become shorter.
    pub(super) async fn page(&self, page: u32) -> Result<AssignmentsPage, TalkError> {
        let asked = AssignmentsAsked { page, ..AssignmentsAsked::default() };
        match self.read(self.service.assignments(&self.secret, &asked)).await {
            Err(TalkError::Service(error))
                if error.number().is_some_and(|number| number.0 == OUT_OF_RANGE) =>
            {
                Ok(AssignmentsPage::default())
            }
            read => read,
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

    async fn save_walk(
        &self,
        changes: impl Fn(&TalkRows) -> TalkChanges + Send + Sync + 'static,
    ) -> Result<(), TalkError> {
        let scope = scopes::talk(self.location(), Some(&self.lease));
        let decide = move |rows: &TalkRows| Decision { talk: changes(rows), ..Decision::default() };
        Ok(self.save(scope, decide).await?)
    }
}

/// Compares the seats among the rows, and says how far the walk is then; `None` when it has ended.
fn compare_some(
    rows: &TalkRows,
    listing: &WalkListing,
    walk: &Walk,
    now: chrono::DateTime<chrono::Utc>,
) -> (Decision, Option<WalkPhase>) {
    let after = match &walk.phase {
        WalkPhase::Merging { after } => after.as_ref(),
        WalkPhase::Reading => None,
    };
    let whole = rows.seats.len() < COMPARED_AT_ONCE;
    let last_seat = rows.seats.keys().next_back().filter(|_| !whole);
    let (listed, up_to) = listing.some(&rows.talk.location, after, last_seat, COMPARED_AT_ONCE);
    let reading = Reading { begun_at: walk.begun_at, listed: &listed, covers: Covers::UpTo(up_to.as_ref()) };
    let (mut decision, _) = decide_reading(rows, &reading, now);
    let phase = up_to.map(|up_to| WalkPhase::Merging { after: Some(up_to) });
    let talk = match &phase {
        Some(phase) => {
            Talk { walk: Some(Walk { phase: phase.clone(), ..walk.clone() }), ..rows.talk.clone() }
        }
        None => Talk {
            walk: None,
            walked_at: Some(walk.begun_at),
            version: walk.version.clone(),
            ..rows.talk.clone()
        },
    };
    decision.talk.talk = Some(talk);
    decision.talk.forget_walk_pages = phase.is_none();
    (decision, phase)
}

pub(super) fn kept(page: u32, read: AssignmentsPage) -> WalkPage {
    let pairs = read.assignments.into_iter().map(|assignment| (assignment.asset, assignment.holder));
    WalkPage::of(page, read.page.next, pairs)
}
