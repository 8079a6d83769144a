//! The rows of a location's assignments belong to one location of one tenant, and are saved as a whole or not at all.

use std::sync::Arc;

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    location::{
        FullReadPage, LocationChanges, LocationRows, LocationState, SeatChange, WaitlistChange, WaitlistEntry,
    },
    seats::{Progress, Seat},
    transaction::{Decision, TokenChange},
};

use super::super::{
    Violation,
    location_fixture::{all_of, key, puts, request, seat},
    rows::{at, pool},
    store_fixture::StoreFixture,
    store_fixture::decided,
};
use crate::{LoadScope, LocationScope, Store};

/// Changes of all tables of a location.
fn everything(
    fixture: &StoreFixture,
    location: &LocationId,
    seconds: i64,
) -> Result<LocationChanges, Violation> {
    let holder = fixture.user("a")?;
    let seat_key = key(location, 2, &holder);
    let queued = Progress::Queued { apart: None };
    let entry = WaitlistEntry { seat: seat_key.clone(), since: at(seconds) };
    Ok(LocationChanges {
        state: Some(LocationState {
            fully_read_at: Some(at(seconds)),
            ..LocationState::new(location.clone())
        }),
        requests: vec![request(location, 1, &[2], &[fixture.serial("C02")?])],
        users: vec![fixture.vpp_user(location, "a")?],
        waitlist: [(seat_key.clone(), WaitlistChange::Add(entry))].into(),
        full_read_pages: vec![FullReadPage {
            page: u32::try_from(seconds).unwrap_or(0),
            ..FullReadPage::default()
        }],
        forget_full_read_pages: true,
        ..puts([Seat { progress: queued, ..seat(seat_key, seconds) }])
    })
}

/// All rows of a location.
async fn rows_of(
    fixture: &StoreFixture,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<Option<LocationRows>, Violation> {
    fixture.location_rows(tenant, all_of(location)).await
}

/// The rows of two locations do not meet, be they of one tenant or of two, and no tenant sees those of another.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn locations_do_not_meet(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("locations do not meet", store)?;
    let (acme, globex, berlin, munich) = (&fixture.acme, &fixture.globex, &fixture.berlin, &fixture.munich);
    let hamburg = &fixture.location("2049025000431441")?;
    for (tenant, location, seconds) in [(acme, berlin, 1), (acme, munich, 2), (globex, hamburg, 3)] {
        fixture.add_location(tenant, location).await?;
        fixture.save_location(tenant, location, everything(&fixture, location, seconds)?).await?;
    }
    for (tenant, location, seconds) in [(acme, berlin, 1), (acme, munich, 2), (globex, hamburg, 3)] {
        let Some(rows) = rows_of(&fixture, tenant, location).await? else {
            return Err(fixture.violation("a location", "some rows", "none"));
        };
        let times: Vec<_> = rows.seats.values().map(|seat| (&seat.key.location, seat.touched_at)).collect();
        fixture.same("the seats", &vec![(location, at(seconds))], &times)?;
        let pages: Vec<i64> = rows.full_read_pages.iter().map(|page| i64::from(page.page)).collect();
        fixture.same("the pages", &vec![seconds], &pages)?;
        fixture.same("the state", &Some(at(seconds)), &rows.state.fully_read_at)?;
        let waitlist: Vec<_> = rows.waitlist.iter().map(|entry| entry.since).collect();
        fixture.same("the waitlist", &vec![at(seconds)], &waitlist)?;
        let found = (rows.requests.len(), rows.users.len(), rows.pools.len());
        fixture.same("requests, users and pools", &(1, 1, 3), &found)?;
    }
    let nowhere = fixture.location("nowhere")?;
    for (step, tenant, location) in [
        ("of another tenant", globex, berlin),
        ("of the other tenant", acme, hamburg),
        ("without a token", acme, &nowhere),
    ] {
        fixture.same(step, &None, &rows_of(&fixture, tenant, location).await?)?;
    }
    Ok(())
}

/// Changes of a location need a scope that names it, its token in the tenant, and the pools of their seats.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn changes_of_a_location_need_their_place(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("changes of a location need their place", store)?;
    let (acme, berlin, munich) = (&fixture.acme, &fixture.berlin, &fixture.munich);
    fixture.add_location(acme, berlin).await?;
    fixture.add_location(acme, munich).await?;
    fixture.save_location(acme, berlin, everything(&fixture, berlin, 1)?).await?;
    let before = rows_of(&fixture, acme, berlin).await?;

    let full = everything(&fixture, berlin, 2)?;
    let none = LocationChanges::default;
    let parts = [
        ("the state", LocationChanges { state: full.state.clone(), ..none() }),
        ("a seat", LocationChanges { seats: full.seats.clone(), ..none() }),
        ("a request", LocationChanges { requests: full.requests.clone(), ..none() }),
        ("a user", LocationChanges { users: full.users.clone(), ..none() }),
        ("a waitlist entry", LocationChanges { waitlist: full.waitlist.clone(), ..none() }),
    ];
    let loose = LocationChanges { forget_full_read_pages: true, ..none() };
    for (step, changes) in parts.iter().chain([&("pages", loose)]) {
        let refusal =
            fixture.refused(acme, Decision { location: changes.clone(), ..Decision::default() }).await?;
        fixture.refused_as(step, "misplaced", &refusal)?;
    }
    let forget = full.seats.keys().map(|key| (key.clone(), SeatChange::Forget)).collect();
    let forget = ("a seat that goes", LocationChanges { seats: forget, ..none() });
    for (step, changes) in parts.iter().chain([&forget]) {
        let answer =
            fixture.try_save_location(acme, LocationScope::of(munich.clone()), changes.clone()).await;
        fixture.same(step, &Some("misplaced"), &answer.err().map(|error| error.code()))?;
    }
    let other = key(berlin, 10, &fixture.device("C02")?);
    let seats = full.seats.values().map(|change| (other.clone(), change.clone())).collect();
    let answer = fixture
        .try_save_location(acme, LocationScope::of(berlin.clone()), LocationChanges { seats, ..none() })
        .await;
    fixture.same("a seat under another key", &Some("misplaced"), &answer.err().map(|error| error.code()))?;

    let answer = fixture.try_save_location(&fixture.globex, LocationScope::of(berlin.clone()), full).await;
    fixture.same("of another tenant", &Some("unknown_token"), &answer.err().map(|error| error.code()))?;
    let no_pool = key(berlin, 7, &fixture.device("C02")?);
    let entry = WaitlistEntry { seat: no_pool.clone(), since: at(0) };
    let waitlist = [(no_pool.clone(), WaitlistChange::Add(entry))].into();
    for changes in [puts([seat(no_pool, 0)]), LocationChanges { waitlist, ..none() }] {
        let answer = fixture.try_save_location(acme, LocationScope::of(berlin.clone()), changes).await;
        fixture.same("without a pool", &Some("unknown_pool"), &answer.err().map(|error| error.code()))?;
    }
    fixture.same("the location", &before, &rows_of(&fixture, acme, berlin).await?)?;
    fixture.same("transactions", &3, &fixture.transactions_of(acme).await?)
}

/// A transaction can save a token, pools, and the seats and all other rows of the location at once.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_location_can_begin_with_its_token(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a location can begin with its token", store)?;
    let decision = Decision {
        pools: vec![pool(&fixture.berlin, 2)],
        location: everything(&fixture, &fixture.berlin, 1)?,
        ..fixture.upload(&fixture.berlin, "Berlin")?
    };
    let saved = fixture
        .store
        .transact(&fixture.acme, &LoadScope::of(LocationScope::of(fixture.berlin.clone())), decided(decision))
        .await;
    fixture.works("a transaction that saves all at once", saved)?;
    let rows = fixture.in_berlin(all_of(&fixture.berlin)).await?;
    fixture.same(
        "seats, waitlist entries and pools",
        &(1, 1, 1),
        &(rows.seats.len(), rows.waitlist.len(), rows.pools.len()),
    )
}

/// A transaction that is refused saves nothing of a location, whatever was refused.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_refused_transaction_saves_nothing_of_a_location(
    store: Arc<dyn Store>,
) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a refused transaction saves nothing of a location", store)?;
    let (acme, berlin) = (&fixture.acme, &fixture.berlin);
    fixture.add_location(acme, berlin).await?;
    fixture.save_location(acme, berlin, everything(&fixture, berlin, 1)?).await?;
    let before = rows_of(&fixture, acme, berlin).await?;
    let changes = everything(&fixture, berlin, 2)?;
    let no_pool = key(berlin, 99, &fixture.device("C02")?);
    let mut half = changes.clone();
    half.seats.insert(no_pool.clone(), SeatChange::Put(seat(no_pool, 0)));
    let token = Box::new(fixture.token(berlin, "Again")?);
    let taken = TokenChange::Insert { token, content_token: fixture.secret("secret")? };
    let scope = LoadScope::of(LocationScope::of(berlin.clone()));
    for (step, decision) in [
        ("unknown_pool", Decision { location: half, ..Decision::default() }),
        (
            "unknown_token",
            Decision {
                location: changes.clone(),
                pools: vec![pool(&fixture.munich, 1)],
                ..Decision::default()
            },
        ),
        ("location_taken", Decision { location: changes, tokens: vec![taken], ..Decision::default() }),
    ] {
        let answer = fixture.store.transact(acme, &scope, decided(decision)).await;
        fixture.same("the answer", &Some(step), &answer.err().map(|error| error.code()))?;
        fixture.same("the location", &before, &rows_of(&fixture, acme, berlin).await?)?;
        fixture.same("transactions", &2, &fixture.transactions_of(acme).await?)?;
    }
    Ok(())
}
