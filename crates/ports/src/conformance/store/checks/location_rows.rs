//! The rows of a location's assignments come back as they were saved, and as the scope names them.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use mdm_vpp_core::{
    apple_error::{AppleError, ErrorNumber},
    catalog::Pool,
    location::{
        FullRead, FullReadPage, FullReadPhase, ListedAsset, LocationChanges, LocationState, WaitlistChange,
        WaitlistEntry,
    },
    seats::{
        Direction, Epoch, EventId, Holders, Request, RequestNumber, RequestState, SeatKey, VppUser,
        VppUserProgress, VppUserStatus,
    },
    transaction::Decision,
};

use super::super::{
    Violation,
    location_fixture::{APPS, asset, key, puts, request, seat},
    rows::{at, pool},
    store_fixture::{StoreFixture, build},
};
use crate::{LocationScope, Pools, Requests, Seats, Store, VppUsers};

fn apple_error() -> AppleError {
    AppleError { number: Some(ErrorNumber(9709)), message: "user \"not\" found 🍏".to_owned() }
}

/// A request comes back as it was saved, alone by its number and among those that await their answer.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn requests_come_back_alone_and_while_they_are_open(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("requests come back alone and while they are open", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let plain = |number| Ok(request(&fixture.berlin, number, &[2, 10], &[fixture.serial("C02")?]));
    let users = Holders::Users { client_user_ids: [fixture.client("ä 🍏")?, fixture.client("b")?].into() };
    let event_id = build(fixture.check, EventId::new("2b2c1a52-6b4f-4b1a-9a5f-3d1c6c1f0001"))?;
    let accepted = RequestState::Accepted {
        event_id,
        accepted_at: at(1) + TimeDelta::nanoseconds(1),
        asked_at: Some(at(2)),
    };
    let mut requests: Vec<Request> = vec![
        plain(1)?,
        Request { holders: users, direction: Direction::Disassociate, state: accepted, ..plain(2)? },
        Request { state: RequestState::Written { epoch: Epoch(7) }, ..plain(9)? },
        Request { state: RequestState::Written { epoch: Epoch(8) }, ..plain(10)? },
    ];
    let load = |requests| fixture.in_berlin(LocationScope::of(fixture.berlin.clone()).requests(requests));
    let saved = |requests| LocationChanges { requests, ..LocationChanges::default() };
    fixture.save_location(&fixture.acme, &fixture.berlin, saved(requests.clone())).await?;
    fixture.same("all that are open", &requests, &load(Requests::Open).await?.requests)?;
    let ends = [RequestState::Ended, RequestState::Refused { error: apple_error() }, RequestState::Lost];
    for (request, state) in requests.iter_mut().zip(ends) {
        request.state = state;
    }
    fixture.save_location(&fixture.acme, &fixture.berlin, saved(requests.clone())).await?;
    let open = requests.get(3..).unwrap_or_default();
    fixture.same("the one that is left", open, load(Requests::Open).await?.requests.as_slice())?;
    for request in requests {
        let found = load(Requests::One(request.number)).await?.requests;
        fixture.same("one by its number", &vec![request], &found)?;
    }
    for unknown in [0, 3, u64::MAX] {
        let found = load(Requests::One(RequestNumber(unknown))).await?.requests;
        fixture.same("a number that is not there", &0, &found.len())?;
    }
    fixture.same("no requests", &0, &load(Requests::None).await?.requests.len())
}

/// Users come back as they were saved: those that are named, those of the seats, and those that have to be read.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn users_come_back_as_they_are_asked_for(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("users come back as they are asked for", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let user = |id, status, progress| {
        let plain = fixture.vpp_user(&fixture.berlin, id)?;
        Ok::<_, Violation>(VppUser {
            status,
            progress,
            touched_at: at(5) + TimeDelta::nanoseconds(1),
            ..plain
        })
    };
    let request = RequestNumber(7);
    let given_up = VppUserProgress::GivenUp { error: apple_error() };
    let users = vec![
        user("C02", VppUserStatus::Associated, VppUserProgress::Idle)?,
        user("a", VppUserStatus::Unknown, VppUserProgress::Idle)?,
        user("b '\";--", VppUserStatus::Unregistered, VppUserProgress::Idle)?,
        user("c", VppUserStatus::Retired, given_up)?,
        user("d", VppUserStatus::Registered, VppUserProgress::InRequest { request })?,
        user("ä 🍏", VppUserStatus::Unknown, VppUserProgress::Idle)?,
    ];
    let saved = |users| LocationChanges { users, ..LocationChanges::default() };
    fixture.save_location(&fixture.acme, &fixture.berlin, saved(users.clone())).await?;
    let holders = [fixture.device("C02")?, fixture.user("d")?, fixture.user("unknown")?];
    let seats = holders.iter().map(|holder| seat(key(&fixture.berlin, 2, holder), 0));
    fixture.save_location(&fixture.acme, &fixture.berlin, puts(seats)).await?;
    let nth = |numbers: &[usize]| -> Vec<VppUser> {
        numbers.iter().filter_map(|n| users.get(*n)).cloned().collect()
    };
    let these = [fixture.client("ä 🍏")?, fixture.client("C02")?, fixture.client("unknown")?].into();
    for (step, asked, seats, expected) in [
        ("no users", VppUsers::None, Seats::OfAsset(asset(2)), nth(&[])),
        ("these", VppUsers::These(these), Seats::None, nth(&[0, 5])),
        ("of seats", VppUsers::OfSeats, Seats::OfAsset(asset(2)), nth(&[4])),
        ("of other seats", VppUsers::OfSeats, Seats::OfAsset(asset(10)), nth(&[])),
        ("of no seats", VppUsers::OfSeats, Seats::None, nth(&[])),
        ("one to read", VppUsers::ToRead(1), Seats::None, nth(&[1])),
        ("all to read", VppUsers::ToRead(100), Seats::None, nth(&[1, 5])),
    ] {
        let scope = LocationScope::of(fixture.berlin.clone()).seats(seats).users(asked);
        let found = fixture.in_berlin(scope).await?.users;
        fixture.same(step, &expected, &found.into_values().collect())?;
    }
    let done = users.into_iter().map(|user| VppUser {
        status: VppUserStatus::Registered,
        progress: VppUserProgress::Idle,
        ..user
    });
    fixture.save_location(&fixture.acme, &fixture.berlin, saved(done.collect())).await?;
    let scope = LocationScope::of(fixture.berlin.clone()).users(VppUsers::ToRead(100));
    fixture.same("after all is done", &0, &fixture.in_berlin(scope).await?.users.len())
}

/// Pools come as the scope names them, with the seats that were counted.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn pools_come_with_the_seats_that_were_counted(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("pools come with the seats that were counted", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    fixture.add_location(&fixture.acme, &fixture.munich).await?;
    let counted = |number| Pool { occupied: u64::MAX, uncounted: number, ..pool(&fixture.berlin, number) };
    let pools: Vec<Pool> = APPS.map(counted).into();
    fixture.save(&fixture.acme, Decision { pools: pools.clone(), ..Decision::default() }).await?;
    let these = [asset(10), asset(7)].into();
    let all: BTreeMap<_, _> = pools.iter().map(|pool| (pool.key(), pool.clone())).collect();
    let ten: BTreeMap<_, _> = all.clone().into_iter().filter(|(key, _)| *key == asset(10)).collect();
    for (step, asked, expected) in [
        ("no pools", Pools::None, BTreeMap::new()),
        ("these", Pools::These(these), ten),
        ("all", Pools::All, all),
    ] {
        let scope = LocationScope::of(fixture.berlin.clone()).pools(asked);
        fixture.same(step, &expected, &fixture.in_berlin(scope).await?.pools)?;
    }
    Ok(())
}

fn waitlist_of(entries: impl IntoIterator<Item = WaitlistEntry>) -> LocationChanges {
    let waitlist =
        entries.into_iter().map(|entry| (entry.seat.clone(), WaitlistChange::Add(entry))).collect();
    LocationChanges { waitlist, ..LocationChanges::default() }
}

/// The state of a location is new at first, and comes back as it was saved.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn the_state_of_a_location_comes_back(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("the state of a location comes back", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let new = LocationState::new(fixture.berlin.clone());
    fixture.same(
        "at first",
        &new,
        &fixture.in_berlin(LocationScope::of(fixture.berlin.clone())).await?.state,
    )?;
    let begun_at = at(1) + TimeDelta::nanoseconds(1);
    let full_read = |phase| {
        Some(FullRead { begun_at, version: Some("v 🍏".to_owned()), pages: u32::MAX, phase, changed: true })
    };
    let merging = |after| full_read(FullReadPhase::Merging { after });
    let last = key(&fixture.berlin, 10, &fixture.user("ä '\";--")?);
    let full = LocationState {
        next_request: RequestNumber(9_007_199_254_740_993),
        version: Some(String::new()),
        fully_read_at: Some(begun_at),
        ..new.clone()
    };
    for shape in [
        LocationState { full_read: full_read(FullReadPhase::Fetching), ..full.clone() },
        LocationState { full_read: merging(None), ..full.clone() },
        LocationState { full_read: merging(Some(last)), ..new.clone() },
        full,
        new,
    ] {
        let changes = LocationChanges { state: Some(shape.clone()), ..LocationChanges::default() };
        fixture.save_location(&fixture.acme, &fixture.berlin, changes).await?;
        fixture.same(
            "the state",
            &shape,
            &fixture.in_berlin(LocationScope::of(fixture.berlin.clone())).await?.state,
        )?;
    }
    Ok(())
}

/// The pages of a full read are kept until they are forgotten, and come by number. In one transaction the old pages are
/// forgotten before new ones are saved.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn the_pages_of_a_full_read_are_kept_until_they_are_forgotten(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("the pages of a full read are kept until they are forgotten", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let listed = vec![ListedAsset {
        asset: asset(2),
        devices: vec![fixture.serial("C02")?, fixture.serial("C01")?],
        users: vec![fixture.client("ä 🍏")?],
    }];
    let page = |page| FullReadPage { page, next: Some(page.saturating_add(1)), listed: listed.clone() };
    let last = FullReadPage { page: 10, ..FullReadPage::default() };
    let saved = |pages, forget_pages| LocationChanges {
        full_read_pages: pages,
        forget_full_read_pages: forget_pages,
        ..LocationChanges::default()
    };
    let (with, without) = (
        LocationScope::of(fixture.berlin.clone()).full_read_pages(),
        LocationScope::of(fixture.berlin.clone()),
    );
    let again = FullReadPage { next: None, ..page(2) };
    for (step, changes, expected) in [
        ("the first pages", saved(vec![last.clone(), page(0)], false), vec![page(0), last.clone()]),
        ("another page", saved(vec![page(2)], false), vec![page(0), page(2), last.clone()]),
        ("a page again", saved(vec![again.clone()], false), vec![page(0), again, last]),
        ("another full read", saved(vec![page(0), page(1)], true), vec![page(0), page(1)]),
        ("the end", saved(vec![], true), vec![]),
    ] {
        fixture.save_location(&fixture.acme, &fixture.berlin, changes).await?;
        fixture.same(step, &expected, &fixture.in_berlin(with.clone()).await?.full_read_pages)?;
        fixture.same(
            "unless the scope names them",
            &0,
            &fixture.in_berlin(without.clone()).await?.full_read_pages.len(),
        )?;
    }
    Ok(())
}

/// The longest wait comes first, and then by key; at most the limit of each asset.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn the_longest_wait_comes_first(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("the longest wait comes first", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let entry = |number, holder, seconds| WaitlistEntry {
        seat: key(&fixture.berlin, number, holder),
        since: at(seconds),
    };
    let (a, b, user) = (fixture.device("a")?, fixture.device("b")?, fixture.user("a")?);
    let mut entries =
        vec![entry(2, &b, 1), entry(10, &b, 2), entry(2, &a, 3), entry(2, &user, 3), entry(10, &a, 3)];
    let mut backwards = entries.clone();
    backwards.reverse();
    backwards.push(entry(30, &a, 0));
    fixture.save_location(&fixture.acme, &fixture.berlin, waitlist_of(backwards)).await?;
    let load = |limits: &[(u64, usize)]| {
        let limits = limits.iter().map(|(number, limit)| (asset(*number), *limit));
        fixture.in_berlin(LocationScope::of(fixture.berlin.clone()).waitlist(limits))
    };
    let nth = |entries: &[WaitlistEntry], numbers: &[usize]| -> Vec<WaitlistEntry> {
        numbers.iter().filter_map(|n| entries.get(*n)).cloned().collect()
    };
    for (limits, expected) in [
        (vec![], vec![]),
        (vec![(2, 9), (10, 9), (7, 9)], vec![0, 1, 2, 3, 4]),
        (vec![(2, 2), (10, 1)], vec![0, 1, 2]),
        (vec![(2, 3), (10, 0)], vec![0, 2, 3]),
    ] {
        fixture.same("the waitlist", &nth(&entries, &expected), &load(&limits).await?.waitlist)?;
    }

    entries.retain(|entry| entry.seat.holder != user);
    let ended: SeatKey = key(&fixture.berlin, 2, &user);
    let unknown = key(&fixture.berlin, 7, &user);
    let later = entry(2, &b, 9);
    let mut changes = waitlist_of([later.clone()]);
    changes.waitlist.extend([(ended, WaitlistChange::Remove), (unknown, WaitlistChange::Remove)]);
    fixture.save_location(&fixture.acme, &fixture.berlin, changes).await?;
    let expected = vec![entry(10, &b, 2), entry(2, &a, 3), entry(10, &a, 3), later];
    fixture.same("the waitlist afterwards", &expected, &load(&[(2, 9), (10, 9)]).await?.waitlist)
}
