//! Requests, users, wishes, walks and pools come back as they were saved, and as a transaction asked for them.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use mdm_vpp_core::{
    apple_error::{AppleError, ErrorNumber},
    catalog::Pool,
    location::LocationChanges,
    seats::{
        Direction, Epoch, EventId, Holders, Request, RequestNumber, RequestState, VppUser, VppUserProgress,
        VppUserStatus,
    },
    transaction::Decision,
};

use super::super::{
    Violation,
    rows::{at, pool},
    store_fixture::{StoreFixture, build},
    talking::{APPS, asset, key, puts, request, seat, talk_of},
};
use crate::{LocationScope, Pools, Requests, Seats, Store, VppUsers};

fn apple_error() -> AppleError {
    AppleError { number: Some(ErrorNumber(9709)), message: "user \"not\" found 🍏".to_owned() }
}

/// A request comes back as it was saved, alone by its number and with all that await their answer.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn requests_come_back_alone_and_while_they_are_open(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let story = StoreFixture::begin("requests come back alone and while they are open", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let plain = |number| Ok(request(&story.berlin, number, &[2, 10], &[story.serial("C02")?]));
    let users = Holders::Users { client_user_ids: [story.client("ä 🍏")?, story.client("b")?].into() };
    let event_id = build(story.check, EventId::new("2b2c1a52-6b4f-4b1a-9a5f-3d1c6c1f0001"))?;
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
    let load = |requests| story.in_berlin(LocationScope { requests, ..talk_of(&story.berlin) });
    let saved = |requests| LocationChanges { requests, ..LocationChanges::default() };
    story.talk(&story.acme, &story.berlin, saved(requests.clone())).await?;
    story.same("all that are open", &requests, &load(Requests::Open).await?.requests)?;
    let ends = [RequestState::Settled, RequestState::Refused { error: apple_error() }, RequestState::Lost];
    for (request, state) in requests.iter_mut().zip(ends) {
        request.state = state;
    }
    story.talk(&story.acme, &story.berlin, saved(requests.clone())).await?;
    let open = requests.get(3..).unwrap_or_default();
    story.same("the one that is left", open, load(Requests::Open).await?.requests.as_slice())?;
    for request in requests {
        let found = load(Requests::One(request.number)).await?.requests;
        story.same("one by its number", &vec![request], &found)?;
    }
    for unknown in [0, 3, u64::MAX] {
        let found = load(Requests::One(RequestNumber(unknown))).await?.requests;
        story.same("a number that is not there", &0, &found.len())?;
    }
    story.same("no requests", &0, &load(Requests::None).await?.requests.len())
}

/// Members come back as they were saved: these, those of the seats, and those about whom something is to be done.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn members_come_back_as_they_are_asked_for(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("members come back as they are asked for", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    let member = |id, status, motion| {
        let plain = story.vpp_user(&story.berlin, id)?;
        Ok::<_, Violation>(VppUser {
            status,
            progress: motion,
            touched_at: at(5) + TimeDelta::nanoseconds(1),
            ..plain
        })
    };
    let request = RequestNumber(7);
    let given_up = VppUserProgress::GivenUp { error: apple_error() };
    let members = vec![
        member("C02", VppUserStatus::Associated, VppUserProgress::Idle)?,
        member("a", VppUserStatus::Unknown, VppUserProgress::Idle)?,
        member("b '\";--", VppUserStatus::Unregistered, VppUserProgress::Idle)?,
        member("c", VppUserStatus::Retired, given_up)?,
        member("d", VppUserStatus::Registered, VppUserProgress::InRequest { request })?,
        member("ä 🍏", VppUserStatus::Unknown, VppUserProgress::Idle)?,
    ];
    let saved = |members| LocationChanges { users: members, ..LocationChanges::default() };
    story.talk(&story.acme, &story.berlin, saved(members.clone())).await?;
    let holders = [story.device("C02")?, story.user("d")?, story.user("nobody")?];
    let seats = holders.iter().map(|holder| seat(key(&story.berlin, 2, holder), 0));
    story.talk(&story.acme, &story.berlin, puts(seats)).await?;
    let nth = |numbers: &[usize]| -> Vec<VppUser> {
        numbers.iter().filter_map(|n| members.get(*n)).cloned().collect()
    };
    let these = [story.client("ä 🍏")?, story.client("C02")?, story.client("nobody")?].into();
    for (step, asked, seats, expected) in [
        ("no members", VppUsers::None, Seats::OfAsset(asset(2)), nth(&[])),
        ("these", VppUsers::These(these), Seats::None, nth(&[0, 5])),
        ("of seats", VppUsers::OfSeats, Seats::OfAsset(asset(2)), nth(&[4])),
        ("of other seats", VppUsers::OfSeats, Seats::OfAsset(asset(10)), nth(&[])),
        ("of no seats", VppUsers::OfSeats, Seats::None, nth(&[])),
        ("one to read", VppUsers::ToRead(1), Seats::None, nth(&[1])),
        ("all to read", VppUsers::ToRead(100), Seats::None, nth(&[1, 5])),
    ] {
        let scope = LocationScope { seats, users: asked, ..talk_of(&story.berlin) };
        let found = story.in_berlin(scope).await?.users;
        story.same(step, &expected, &found.into_values().collect())?;
    }
    let done = members.into_iter().map(|member| VppUser {
        status: VppUserStatus::Registered,
        progress: VppUserProgress::Idle,
        ..member
    });
    story.talk(&story.acme, &story.berlin, saved(done.collect())).await?;
    let scope = LocationScope { users: VppUsers::ToRead(100), ..talk_of(&story.berlin) };
    story.same("after all is done", &0, &story.in_berlin(scope).await?.users.len())
}

/// Pools come as they are asked for, with the seats that were counted.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn pools_come_with_the_seats_that_were_counted(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("pools come with the seats that were counted", store)?;
    story.settle_talk(&story.acme, &story.berlin).await?;
    story.settle_talk(&story.acme, &story.munich).await?;
    let counted = |number| Pool { occupied: u64::MAX, uncounted: number, ..pool(&story.berlin, number) };
    let pools: Vec<Pool> = APPS.map(counted).into();
    story.turn(&story.acme, Decision { pools: pools.clone(), ..Decision::default() }).await?;
    let these = [asset(10), asset(7)].into();
    let all: BTreeMap<_, _> = pools.iter().map(|pool| (pool.key(), pool.clone())).collect();
    let ten: BTreeMap<_, _> = all.clone().into_iter().filter(|(key, _)| *key == asset(10)).collect();
    for (step, asked, expected) in [
        ("no pools", Pools::None, BTreeMap::new()),
        ("these", Pools::These(these), ten),
        ("all", Pools::All, all),
    ] {
        let scope = LocationScope { pools: asked, ..talk_of(&story.berlin) };
        story.same(step, &expected, &story.in_berlin(scope).await?.pools)?;
    }
    Ok(())
}
