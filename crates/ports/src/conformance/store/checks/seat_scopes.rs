//! A transaction loads the seats that its scope names, and no others.

use std::{collections::BTreeSet, sync::Arc};

use mdm_vpp_core::{
    catalog::{AssetKey, PricingParam},
    location::LocationChanges,
    seats::{NextAction, Observed, Progress, Request, RequestNumber, RequestState, Seat, SeatKey},
};

use super::super::{
    Violation,
    location_fixture::{APPS, asset, key, puts, request, seat},
    rows::at,
    store_fixture::StoreFixture,
};
use crate::{LocationScope, Requests, Seats, Store};

fn keys(seats: &[Seat]) -> Vec<SeatKey> {
    seats.iter().map(|seat| seat.key.clone()).collect()
}

/// A seat of each app for two devices and a user, by key.
async fn nine_seats(fixture: &StoreFixture) -> Result<Vec<Seat>, Violation> {
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let holders = [fixture.device("C01")?, fixture.device("C02")?, fixture.user("C01")?];
    let each = APPS.into_iter().flat_map(|number| holders.iter().map(move |holder| (number, holder)));
    let seats: Vec<Seat> =
        each.map(|(number, holder)| seat(key(&fixture.berlin, number, holder), 0)).collect();
    fixture.save_location(&fixture.acme, &fixture.berlin, puts(seats.clone())).await?;
    Ok(seats)
}

/// Every scope loads exactly the seats that it names.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_scope_loads_exactly_the_seats_it_names(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a scope loads exactly the seats it names", store)?;
    let all = nine_seats(&fixture).await?;
    let absent = key(&fixture.berlin, 2, &fixture.device("C03")?);
    let elsewhere = key(&fixture.munich, 2, &fixture.device("C01")?);
    let no_pool = key(&fixture.berlin, 7, &fixture.device("C01")?);
    let high_quality = AssetKey { pricing_param: PricingParam::HighQuality, ..asset(2) };
    let other_quality = SeatKey { asset: high_quality.clone(), ..absent.clone() };
    let some: Vec<SeatKey> = keys(&all).into_iter().step_by(2).collect();
    let named: BTreeSet<SeatKey> =
        some.iter().cloned().chain([absent, elsewhere, no_pool, other_quality]).collect();
    let of = |wanted: &dyn Fn(&SeatKey) -> bool| keys(&all).into_iter().filter(wanted).collect::<Vec<_>>();
    let (first, user) = (fixture.device("C01")?, fixture.user("C01")?);
    for (step, seats, expected) in [
        ("no seats", Seats::None, vec![]),
        ("these", Seats::These(named), some),
        ("an asset", Seats::OfAsset(asset(10)), of(&|key| key.asset == asset(10))),
        ("an asset that is not there", Seats::OfAsset(high_quality), vec![]),
        ("a device", Seats::OfHolder(first.clone()), of(&|key| key.holder == first)),
        ("a user", Seats::OfHolder(user.clone()), of(&|key| key.holder == user)),
        ("an unknown user", Seats::OfHolder(fixture.user("C02")?), vec![]),
        ("seats of no request", Seats::OfRequests, vec![]),
        ("all", Seats::After(None, 100), keys(&all)),
    ] {
        fixture.same(step, &expected, &keys(&fixture.seats_in_berlin(seats).await?))?;
    }
    Ok(())
}

/// Seats come page by page in the order of their keys: by app as a number, devices before users.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn seats_come_in_pages_by_key(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("seats come in pages by key", store)?;
    let all = keys(&nine_seats(&fixture).await?);
    fixture.same("the order of the suite", &true, &all.is_sorted())?;
    for limit in [1, 2, 4, 9] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = keys(&fixture.seats_in_berlin(Seats::After(after.clone(), limit)).await?);
            if page.is_empty() || found.len() > all.len() {
                break;
            }
            fixture.same("at most the limit", &true, &(page.len() <= limit))?;
            after = page.last().cloned();
            found.extend(page);
        }
        fixture.same("all pages", &all, &found)?;
    }
    let middle = key(&fixture.berlin, 7, &fixture.user("between")?);
    let found = keys(&fixture.seats_in_berlin(Seats::After(Some(middle), 1)).await?);
    fixture.same("after a key that has no seat", &all.get(3..4).unwrap_or_default(), &found.as_slice())
}

/// Of the seats with a next action those come first that were touched longest ago, and of those the first by key.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn seats_with_a_next_action_come_by_their_last_touch(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("seats with a next action come by their last touch", store)?;
    let mut all = nine_seats(&fixture).await?;
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
    fixture.save_location(&fixture.acme, &fixture.berlin, puts(all.clone())).await?;
    let nth = |numbers: &[usize]| -> Vec<SeatKey> {
        numbers.iter().filter_map(|n| all.get(*n)).map(|seat| seat.key.clone()).collect()
    };
    let (send, read_back) = (NextAction::Send, NextAction::ReadBack);
    for (step, actions, limit, expected) in [
        ("no next action", vec![], 9, nth(&[])),
        ("none of them", vec![send], 0, nth(&[])),
        ("the oldest", vec![send], 1, nth(&[6])),
        ("then by key", vec![send], 2, nth(&[0, 6])),
        ("all that are queued", vec![send], 9, nth(&[0, 3, 6])),
        ("the oldest of two next actions", vec![send, read_back], 1, nth(&[7])),
        ("two next actions", vec![send, read_back], 4, nth(&[0, 1, 6, 7])),
        ("all of two next actions", vec![send, read_back], 9, nth(&[0, 1, 3, 4, 6, 7])),
        ("another next action", vec![NextAction::AwaitAnswer], 9, nth(&[])),
    ] {
        let seats = Seats::WithNextAction(actions.into_iter().collect(), limit);
        fixture.same(step, &expected, &keys(&fixture.seats_in_berlin(seats).await?))?;
    }
    let settled =
        all.into_iter().map(|seat| Seat { progress: Progress::Idle, observed: Observed::Assigned, ..seat });
    fixture.save_location(&fixture.acme, &fixture.berlin, puts(settled)).await?;
    let left = fixture.seats_in_berlin(Seats::WithNextAction(NextAction::ALL.into(), 9)).await?;
    fixture.same("after all are settled", &0, &left.len())
}

/// The seats of requests come with the requests that the scope names.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn seats_come_with_their_requests(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("seats come with their requests", store)?;
    let all = keys(&nine_seats(&fixture).await?);
    let (first, second) = (fixture.serial("C01")?, fixture.serial("C02")?);
    let one = request(&fixture.berlin, 1, &[2, 10], &[first, fixture.serial("C03")?]);
    let two = request(&fixture.berlin, 2, &[30], &[second]);
    let settled = Request { state: RequestState::Ended, ..request(&fixture.berlin, 3, &[2], &[]) };
    let requests = vec![one, two, settled];
    let changes = LocationChanges { requests, ..LocationChanges::default() };
    fixture.save_location(&fixture.acme, &fixture.berlin, changes).await?;
    let nth =
        |numbers: &[usize]| -> Vec<SeatKey> { numbers.iter().filter_map(|n| all.get(*n)).cloned().collect() };
    for (step, requests, expected) in [
        ("of one request", Requests::One(RequestNumber(1)), nth(&[0, 3])),
        ("of another", Requests::One(RequestNumber(2)), nth(&[7])),
        ("of all that are open", Requests::Open, nth(&[0, 3, 7])),
    ] {
        let scope = LocationScope::of(fixture.berlin.clone()).seats(Seats::OfRequests).requests(requests);
        let found: Vec<SeatKey> = fixture.in_berlin(scope).await?.seats.into_keys().collect();
        fixture.same(step, &expected, &found)?;
    }
    Ok(())
}
