//! A transaction is given the seats that it asked for, and no more.

use std::{collections::BTreeSet, sync::Arc};

use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    location::LocationChanges,
    seats::{NextAction, Observed, Progress, Request, RequestNumber, RequestState, Seat, SeatKey},
};

use super::super::{
    Violation,
    rows::at,
    store_fixture::StoreFixture,
    talking::{APPS, asset, key, puts, request, seat, talk_of},
};
use crate::{LocationScope, Requests, Seats, Store};

fn keys(seats: &[Seat]) -> Vec<SeatKey> {
    seats.iter().map(|seat| seat.key.clone()).collect()
}

/// A seat of each app for two devices and a user, by key.
async fn nine_seats(story: &StoreFixture) -> Result<Vec<Seat>, Violation> {
    story.settle_talk(&story.acme, &story.berlin).await?;
    let holders = [story.device("C01")?, story.device("C02")?, story.user("C01")?];
    let each = APPS.into_iter().flat_map(|number| holders.iter().map(move |holder| (number, holder)));
    let seats: Vec<Seat> = each.map(|(number, holder)| seat(key(&story.berlin, number, holder), 0)).collect();
    story.talk(&story.acme, &story.berlin, puts(seats.clone())).await?;
    Ok(seats)
}

/// Every scope loads exactly the seats that it names.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_scope_loads_exactly_the_seats_it_names(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a scope loads exactly the seats it names", store)?;
    let all = nine_seats(&story).await?;
    let absent = key(&story.berlin, 2, &story.device("C03")?);
    let elsewhere = key(&story.munich, 2, &story.device("C01")?);
    let no_pool = key(&story.berlin, 7, &story.device("C01")?);
    let high_quality = AssetKey { pricing_param: PricingParam::HighQuality, ..asset(2) };
    let other_quality = SeatKey { asset: high_quality.clone(), ..absent.clone() };
    let some: Vec<SeatKey> = keys(&all).into_iter().step_by(2).collect();
    let asked: BTreeSet<SeatKey> =
        some.iter().cloned().chain([absent, elsewhere, no_pool, other_quality]).collect();
    let of = |wanted: &dyn Fn(&SeatKey) -> bool| keys(&all).into_iter().filter(wanted).collect::<Vec<_>>();
    let (first, user) = (story.device("C01")?, story.user("C01")?);
    for (step, seats, expected) in [
        ("no seats", Seats::None, vec![]),
        ("these", Seats::These(asked), some),
        ("an asset", Seats::OfAsset(asset(10)), of(&|key| key.asset == asset(10))),
        ("an asset that is not there", Seats::OfAsset(high_quality), vec![]),
        ("a device", Seats::OfHolder(first.clone()), of(&|key| key.holder == first)),
        ("a user", Seats::OfHolder(user.clone()), of(&|key| key.holder == user)),
        ("somebody unknown", Seats::OfHolder(story.user("C02")?), vec![]),
        ("seats of no request", Seats::OfRequests, vec![]),
        ("all", Seats::After(None, 100), keys(&all)),
    ] {
        story.same(step, &expected, &keys(&story.seats_in_berlin(seats).await?))?;
    }
    Ok(())
}

/// Seats come page by page in the order of their keys: by app as a number, devices before users.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn seats_come_in_pages_by_key(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("seats come in pages by key", store)?;
    let all = keys(&nine_seats(&story).await?);
    story.same("the order of the suite", &true, &all.is_sorted())?;
    for limit in [1, 2, 4, 9] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = keys(&story.seats_in_berlin(Seats::After(after.clone(), limit)).await?);
            if page.is_empty() || found.len() > all.len() {
                break;
            }
            story.same("at most so many", &true, &(page.len() <= limit))?;
            after = page.last().cloned();
            found.extend(page);
        }
        story.same("all pages", &all, &found)?;
    }
    let middle = key(&story.berlin, 7, &story.user("between")?);
    let found = keys(&story.seats_in_berlin(Seats::After(Some(middle), 1)).await?);
    story.same("after a key that has no seat", &all.get(3..4).unwrap_or_default(), &found.as_slice())
}

/// Of the seats with an agenda those come that were touched longest ago, and of those the first by key.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn seats_on_an_agenda_come_by_their_last_touch(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("seats on an agenda come by their last touch", store)?;
    let mut all = nine_seats(&story).await?;
    let queued = Progress::Queued { apart: None };
    // By key: the last three are the oldest, and the others were touched at one moment.
    for (n, seat) in (0..).zip(all.iter_mut()) {
        seat.touched_at = at(if n < 6 { 100 } else { 50 - n });
        match n % 3 {
            0 => seat.progress = queued.clone(),
            1 => seat.observed = Observed::Unknown,
            _ => {}
        }
    }
    story.talk(&story.acme, &story.berlin, puts(all.clone())).await?;
    let nth = |numbers: &[usize]| -> Vec<SeatKey> {
        numbers.iter().filter_map(|n| all.get(*n)).map(|seat| seat.key.clone()).collect()
    };
    let (queued, look) = (NextAction::Send, NextAction::ReadBack);
    for (step, agendas, limit, expected) in [
        ("no agenda", vec![], 9, nth(&[])),
        ("none of them", vec![queued], 0, nth(&[])),
        ("the oldest", vec![queued], 1, nth(&[6])),
        ("then by key", vec![queued], 2, nth(&[0, 6])),
        ("all that are queued", vec![queued], 9, nth(&[0, 3, 6])),
        ("the oldest of two agendas", vec![queued, look], 1, nth(&[7])),
        ("two agendas", vec![queued, look], 4, nth(&[0, 1, 6, 7])),
        ("all of two agendas", vec![queued, look], 9, nth(&[0, 1, 3, 4, 6, 7])),
        ("another agenda", vec![NextAction::AwaitAnswer], 9, nth(&[])),
    ] {
        let seats = Seats::WithNextAction(agendas.into_iter().collect(), limit);
        story.same(step, &expected, &keys(&story.seats_in_berlin(seats).await?))?;
    }
    let settled =
        all.into_iter().map(|seat| Seat { progress: Progress::Idle, observed: Observed::Assigned, ..seat });
    story.talk(&story.acme, &story.berlin, puts(settled)).await?;
    let left = story.seats_in_berlin(Seats::WithNextAction(NextAction::ALL.into(), 9)).await?;
    story.same("after all are settled", &0, &left.len())
}

/// The seats of requests come with the requests that a transaction loads.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn seats_come_with_their_requests(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("seats come with their requests", store)?;
    let all = keys(&nine_seats(&story).await?);
    let (first, second) = (story.serial("C01")?, story.serial("C02")?);
    let one = request(&story.berlin, 1, &[2, 10], &[first, story.serial("C03")?]);
    let two = request(&story.berlin, 2, &[30], &[second]);
    let settled = Request { state: RequestState::Settled, ..request(&story.berlin, 3, &[2], &[]) };
    let requests = vec![one, two, settled];
    let changes = LocationChanges { requests, ..LocationChanges::default() };
    story.talk(&story.acme, &story.berlin, changes).await?;
    let nth =
        |numbers: &[usize]| -> Vec<SeatKey> { numbers.iter().filter_map(|n| all.get(*n)).cloned().collect() };
    for (step, requests, expected) in [
        ("of one request", Requests::One(RequestNumber(1)), nth(&[0, 3])),
        ("of another", Requests::One(RequestNumber(2)), nth(&[7])),
        ("of all that are open", Requests::Open, nth(&[0, 3, 7])),
    ] {
        let scope = LocationScope { seats: Seats::OfRequests, requests, ..talk_of(&story.berlin) };
        let found: Vec<SeatKey> = story.in_berlin(scope).await?.seats.into_keys().collect();
        story.same(step, &expected, &found)?;
    }
    Ok(())
}
