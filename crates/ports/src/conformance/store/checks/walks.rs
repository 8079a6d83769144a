//! What is remembered of a walk, and who waits.

use std::sync::Arc;

use chrono::TimeDelta;
use mdm_vpp_core::{
    location::{
        FullRead, FullReadPage, FullReadPhase, ListedAsset, LocationChanges, LocationState, WaitlistChange,
        WaitlistEntry,
    },
    seats::{RequestNumber, SeatKey},
};

use super::super::{
    Violation,
    rows::at,
    store_fixture::StoreFixture,
    talking::{asset, key, talk_of},
};
use crate::{LocationScope, Store};

fn waits(wishes: impl IntoIterator<Item = WaitlistEntry>) -> LocationChanges {
    let waiting = wishes.into_iter().map(|wish| (wish.seat.clone(), WaitlistChange::Add(wish))).collect();
    LocationChanges { waitlist: waiting, ..LocationChanges::default() }
}

/// The row of a talk is new at first, and comes back as it was saved.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn the_row_of_a_talk_comes_back(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("the row of a talk comes back", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let new = LocationState::new(story.berlin.clone());
    story.same("at first", &new, &story.in_berlin(talk_of(&story.berlin)).await?.state)?;
    let begun_at = at(1) + TimeDelta::nanoseconds(1);
    let walk = |phase| {
        Some(FullRead { begun_at, version: Some("v 🍏".to_owned()), pages: u32::MAX, phase, changed: true })
    };
    let merging = |after| walk(FullReadPhase::Merging { after });
    let last = key(&story.berlin, 10, &story.user("ä '\";--")?);
    let full = LocationState {
        next_request: RequestNumber(9_007_199_254_740_993),
        version: Some(String::new()),
        fully_read_at: Some(begun_at),
        ..new.clone()
    };
    for shape in [
        LocationState { full_read: walk(FullReadPhase::Fetching), ..full.clone() },
        LocationState { full_read: merging(None), ..full.clone() },
        LocationState { full_read: merging(Some(last)), ..new.clone() },
        full,
        new,
    ] {
        let changes = LocationChanges { state: Some(shape.clone()), ..LocationChanges::default() };
        story.talk(&story.acme, &story.berlin, changes).await?;
        story.same("the row", &shape, &story.in_berlin(talk_of(&story.berlin)).await?.state)?;
    }
    Ok(())
}

/// The pages of a walk are kept until they are forgotten, and come by page. Those of a walk that begins are kept after
/// those of the last one went.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn the_pages_of_a_walk_are_kept_until_they_are_forgotten(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let story = StoreFixture::begin("the pages of a walk are kept until they are forgotten", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let listed = vec![ListedAsset {
        asset: asset(2),
        devices: vec![story.serial("C02")?, story.serial("C01")?],
        users: vec![story.client("ä 🍏")?],
    }];
    let page = |page| FullReadPage { page, next: Some(page.saturating_add(1)), listed: listed.clone() };
    let last = FullReadPage { page: 10, ..FullReadPage::default() };
    let saved = |walk_pages, forget_walk_pages| LocationChanges {
        full_read_pages: walk_pages,
        forget_full_read_pages: forget_walk_pages,
        ..LocationChanges::default()
    };
    let pages = |walk_pages| LocationScope { full_read_pages: walk_pages, ..talk_of(&story.berlin) };
    let again = FullReadPage { next: None, ..page(2) };
    for (step, changes, expected) in [
        ("the first pages", saved(vec![last.clone(), page(0)], false), vec![page(0), last.clone()]),
        ("another page", saved(vec![page(2)], false), vec![page(0), page(2), last.clone()]),
        ("a page again", saved(vec![again.clone()], false), vec![page(0), again, last]),
        ("another walk", saved(vec![page(0), page(1)], true), vec![page(0), page(1)]),
        ("the end", saved(vec![], true), vec![]),
    ] {
        story.talk(&story.acme, &story.berlin, changes).await?;
        story.same(step, &expected, &story.in_berlin(pages(true)).await?.full_read_pages)?;
        story.same("without asking", &0, &story.in_berlin(pages(false)).await?.full_read_pages.len())?;
    }
    Ok(())
}

/// Who waits longest comes first, and then by key; at most so many for each asset.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn who_waits_longest_comes_first(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("who waits longest comes first", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let wish = |number, holder, seconds| WaitlistEntry {
        seat: key(&story.berlin, number, holder),
        since: at(seconds),
    };
    let (a, b, user) = (story.device("a")?, story.device("b")?, story.user("a")?);
    let mut wishes =
        vec![wish(2, &b, 1), wish(10, &b, 2), wish(2, &a, 3), wish(2, &user, 3), wish(10, &a, 3)];
    let mut backwards = wishes.clone();
    backwards.reverse();
    backwards.push(wish(30, &a, 0));
    story.talk(&story.acme, &story.berlin, waits(backwards)).await?;
    let load = |limits: &[(u64, usize)]| {
        let waiting = limits.iter().map(|(number, limit)| (asset(*number), *limit)).collect();
        story.in_berlin(LocationScope { waitlist: waiting, ..talk_of(&story.berlin) })
    };
    let nth = |wishes: &[WaitlistEntry], numbers: &[usize]| -> Vec<WaitlistEntry> {
        numbers.iter().filter_map(|n| wishes.get(*n)).cloned().collect()
    };
    for (limits, expected) in [
        (vec![], vec![]),
        (vec![(2, 9), (10, 9), (7, 9)], vec![0, 1, 2, 3, 4]),
        (vec![(2, 2), (10, 1)], vec![0, 1, 2]),
        (vec![(2, 3), (10, 0)], vec![0, 2, 3]),
    ] {
        story.same("who waits", &nth(&wishes, &expected), &load(&limits).await?.waitlist)?;
    }

    wishes.retain(|wish| wish.seat.holder != user);
    let ended: SeatKey = key(&story.berlin, 2, &user);
    let nobody = key(&story.berlin, 7, &user);
    let later = wish(2, &b, 9);
    let mut changes = waits([later.clone()]);
    changes.waitlist.extend([(ended, WaitlistChange::Remove), (nobody, WaitlistChange::Remove)]);
    story.talk(&story.acme, &story.berlin, changes).await?;
    let expected = vec![wish(10, &b, 2), wish(2, &a, 3), wish(10, &a, 3), later];
    story.same("who waits afterwards", &expected, &load(&[(2, 9), (10, 9)]).await?.waitlist)
}
