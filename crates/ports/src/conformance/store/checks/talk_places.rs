//! A talk belongs to one location of one tenant, and is saved as a whole or not at all.

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
    deciding::decided,
    rows::{at, pool},
    store_fixture::StoreFixture,
    talking::{all_of, key, puts, request, seat, talk_of, turn_of},
};
use crate::{LoadScope, Store};

/// Changes of everything that a talk has.
fn everything(
    story: &StoreFixture,
    location: &LocationId,
    seconds: i64,
) -> Result<LocationChanges, Violation> {
    let holder = story.user("a")?;
    let seat_key = key(location, 2, &holder);
    let queued = Progress::Queued { apart: None };
    let wish = WaitlistEntry { seat: seat_key.clone(), since: at(seconds) };
    Ok(LocationChanges {
        state: Some(LocationState {
            fully_read_at: Some(at(seconds)),
            ..LocationState::new(location.clone())
        }),
        requests: vec![request(location, 1, &[2], &[story.serial("C02")?])],
        users: vec![story.vpp_user(location, "a")?],
        waitlist: [(seat_key.clone(), WaitlistChange::Add(wish))].into(),
        full_read_pages: vec![FullReadPage {
            page: u32::try_from(seconds).unwrap_or(0),
            ..FullReadPage::default()
        }],
        forget_full_read_pages: true,
        ..puts([Seat { progress: queued, ..seat(seat_key, seconds) }])
    })
}

/// All that is remembered of a talk.
async fn rows_of(
    story: &StoreFixture,
    tenant: &TenantId,
    location: &LocationId,
) -> Result<Option<LocationRows>, Violation> {
    story.talk_rows(tenant, all_of(location)).await
}

/// Talks about two locations do not meet, be they of one tenant or of two, and nobody sees that of another tenant.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn talks_do_not_meet(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("talks do not meet", store)?;
    let (acme, globex, berlin, munich) = (&story.acme, &story.globex, &story.berlin, &story.munich);
    let hamburg = &story.location("2049025000431441")?;
    for (tenant, location, seconds) in [(acme, berlin, 1), (acme, munich, 2), (globex, hamburg, 3)] {
        story.settle_talk(tenant, location).await?;
        story.talk(tenant, location, everything(&story, location, seconds)?).await?;
    }
    for (tenant, location, seconds) in [(acme, berlin, 1), (acme, munich, 2), (globex, hamburg, 3)] {
        let Some(rows) = rows_of(&story, tenant, location).await? else {
            return Err(story.violation("a talk", "some rows", "none"));
        };
        let times: Vec<_> = rows.seats.values().map(|seat| (&seat.key.location, seat.touched_at)).collect();
        story.same("the seats", &vec![(location, at(seconds))], &times)?;
        let pages: Vec<i64> = rows.full_read_pages.iter().map(|page| i64::from(page.page)).collect();
        story.same("the pages", &vec![seconds], &pages)?;
        story.same("the row", &Some(at(seconds)), &rows.state.fully_read_at)?;
        let waiting: Vec<_> = rows.waitlist.iter().map(|wish| wish.since).collect();
        story.same("who waits", &vec![at(seconds)], &waiting)?;
        let found = (rows.requests.len(), rows.users.len(), rows.pools.len());
        story.same("requests, members and pools", &(1, 1, 3), &found)?;
    }
    let nowhere = story.location("nowhere")?;
    for (step, tenant, location) in [
        ("of another tenant", globex, berlin),
        ("of the other tenant", acme, hamburg),
        ("of nobody", acme, &nowhere),
    ] {
        story.same(step, &None, &rows_of(&story, tenant, location).await?)?;
    }
    Ok(())
}

/// Changes of a talk need a scope that names its location, a token of the tenant, and the pools of their seats.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn changes_of_a_talk_need_their_place(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("changes of a talk need their place", store)?;
    let (acme, berlin, munich) = (&story.acme, &story.berlin, &story.munich);
    story.settle_talk(acme, berlin).await?;
    story.settle_talk(acme, munich).await?;
    story.talk(acme, berlin, everything(&story, berlin, 1)?).await?;
    let before = rows_of(&story, acme, berlin).await?;

    let full = everything(&story, berlin, 2)?;
    let none = LocationChanges::default;
    let parts = [
        ("a row", LocationChanges { state: full.state.clone(), ..none() }),
        ("a seat", LocationChanges { seats: full.seats.clone(), ..none() }),
        ("a request", LocationChanges { requests: full.requests.clone(), ..none() }),
        ("a member", LocationChanges { users: full.users.clone(), ..none() }),
        ("a wish", LocationChanges { waitlist: full.waitlist.clone(), ..none() }),
    ];
    let loose = LocationChanges { forget_full_read_pages: true, ..none() };
    for (step, talk) in parts.iter().chain([&("pages", loose)]) {
        let refusal = story.refused(acme, Decision { location: talk.clone(), ..Decision::default() }).await?;
        story.refused_as(step, "misplaced", &refusal)?;
    }
    let forget = full.seats.keys().map(|key| (key.clone(), SeatChange::Forget)).collect();
    let forget = ("a seat that goes", LocationChanges { seats: forget, ..none() });
    for (step, talk) in parts.iter().chain([&forget]) {
        let answer = story.try_talk(acme, talk_of(munich), talk.clone()).await;
        story.same(step, &Some("misplaced"), &answer.err().map(|error| error.code()))?;
    }
    let other = key(berlin, 10, &story.device("C02")?);
    let seats = full.seats.values().map(|change| (other.clone(), change.clone())).collect();
    let answer = story.try_talk(acme, talk_of(berlin), LocationChanges { seats, ..none() }).await;
    story.same("a seat under another key", &Some("misplaced"), &answer.err().map(|error| error.code()))?;

    let answer = story.try_talk(&story.globex, talk_of(berlin), full).await;
    story.same("of another tenant", &Some("unknown_token"), &answer.err().map(|error| error.code()))?;
    let no_pool = key(berlin, 7, &story.device("C02")?);
    let wish = WaitlistEntry { seat: no_pool.clone(), since: at(0) };
    let waiting = [(no_pool.clone(), WaitlistChange::Add(wish))].into();
    for talk in [puts([seat(no_pool, 0)]), LocationChanges { waitlist: waiting, ..none() }] {
        let answer = story.try_talk(acme, talk_of(berlin), talk).await;
        story.same("without a pool", &Some("unknown_pool"), &answer.err().map(|error| error.code()))?;
    }
    story.same("the talk", &before, &rows_of(&story, acme, berlin).await?)?;
    story.same("turns", &3, &story.turns_of(acme).await?)
}

/// A pool that is saved by a transaction can have seats in the same transaction, and a token a talk.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_talk_can_begin_with_its_token(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a talk can begin with its token", store)?;
    let decision = Decision {
        pools: vec![pool(&story.berlin, 2)],
        location: everything(&story, &story.berlin, 1)?,
        ..story.upload(&story.berlin, "Berlin")?
    };
    let turn = story.store.transact(&story.acme, &turn_of(talk_of(&story.berlin)), decided(decision)).await;
    story.works("a turn that saves all at once", turn)?;
    let rows = story.in_berlin(all_of(&story.berlin)).await?;
    story.same(
        "seats, wishes and pools",
        &(1, 1, 1),
        &(rows.seats.len(), rows.waitlist.len(), rows.pools.len()),
    )
}

/// A transaction that is refused saves nothing of a talk, whatever was refused.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_refused_turn_saves_nothing_of_a_talk(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a refused turn saves nothing of a talk", store)?;
    let (acme, berlin) = (&story.acme, &story.berlin);
    story.settle_talk(acme, berlin).await?;
    story.talk(acme, berlin, everything(&story, berlin, 1)?).await?;
    let before = rows_of(&story, acme, berlin).await?;
    let talk = everything(&story, berlin, 2)?;
    let no_pool = key(berlin, 99, &story.device("C02")?);
    let mut half = talk.clone();
    half.seats.insert(no_pool.clone(), SeatChange::Put(seat(no_pool, 0)));
    let token = Box::new(story.token(berlin, "Again")?);
    let taken = TokenChange::Insert { token, content_token: story.secret("secret")? };
    let scope: LoadScope = turn_of(talk_of(berlin));
    for (step, decision) in [
        ("unknown_pool", Decision { location: half, ..Decision::default() }),
        (
            "unknown_token",
            Decision { location: talk.clone(), pools: vec![pool(&story.munich, 1)], ..Decision::default() },
        ),
        ("location_taken", Decision { location: talk, tokens: vec![taken], ..Decision::default() }),
    ] {
        let answer = story.store.transact(acme, &scope, decided(decision)).await;
        story.same("the answer", &Some(step), &answer.err().map(|error| error.code()))?;
        story.same("the talk", &before, &rows_of(&story, acme, berlin).await?)?;
        story.same("turns", &2, &story.turns_of(acme).await?)?;
    }
    Ok(())
}
