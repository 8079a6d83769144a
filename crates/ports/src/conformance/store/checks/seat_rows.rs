//! Seats come back as they were saved.

use std::sync::Arc;

use chrono::TimeDelta;
use mdm_vpp_core::{
    apple_error::{AppleError, ErrorNumber},
    location::{LocationChanges, SeatChange},
    seats::{
        AssignReason, DepartureTrigger, Desired, Direction, Fence, Half, Observed, Progress, RequestNumber,
        Seat, SeatError, SeatKey, UnassignReason,
    },
};

use super::super::{
    Violation,
    location_fixture::{key, puts, seat},
    rows::at,
    store_fixture::StoreFixture,
};
use crate::{Seats, Store};

fn desired_states() -> Vec<Desired> {
    let hold = |because| Desired::Assigned { because };
    let free = |because| Desired::Unassigned { because };
    let mut desired_states = vec![
        hold(AssignReason::Install),
        hold(AssignReason::Direct),
        hold(AssignReason::TokenDeleted),
        hold(AssignReason::Foreign),
        free(UnassignReason::Moved),
        free(UnassignReason::NotNeeded),
        free(UnassignReason::Revoked),
    ];
    for trigger in DepartureTrigger::ALL {
        desired_states
            .extend([hold(AssignReason::Kept { trigger }), free(UnassignReason::Departed { trigger })]);
    }
    desired_states
}

fn progresses() -> Vec<Progress> {
    let of = RequestNumber(9_007_199_254_740_993);
    let apple = |number, message: &str| SeatError::Apple {
        error: AppleError { number, message: message.to_owned() },
    };
    let errors = [
        apple(Some(ErrorNumber(9610)), "License \"not\" found 'here' 🍏 \\"),
        apple(None, ""),
        SeatError::Unconfirmed,
        SeatError::Unexplained,
        SeatError::RetiredUser,
    ];
    let mut progresses = vec![
        Progress::Idle,
        Progress::Queued { apart: None },
        Progress::Queued { apart: Some(Half::First { of }) },
        Progress::Queued { apart: Some(Half::Second { of }) },
        Progress::InRequest { request: of },
    ];
    progresses.extend(errors.map(|error| Progress::GivenUp { error }));
    progresses
}

/// One seat in all its shapes.
fn shapes(key: &SeatKey) -> Vec<Seat> {
    let plain = seat(key.clone(), 0);
    let until = at(900) + TimeDelta::nanoseconds(1);
    let fence = |direction| Some(Fence { direction, until });
    let mut shapes: Vec<Seat> =
        desired_states().into_iter().map(|desired| Seat { desired, ..plain.clone() }).collect();
    shapes.extend(
        [Observed::Unknown, Observed::Unassigned, Observed::Reported, Observed::Assigned]
            .map(|observed| Seat { observed, ..plain.clone() }),
    );
    shapes.extend(progresses().into_iter().map(|progress| Seat { progress, ..plain.clone() }));
    shapes.push(Seat { fence: fence(Direction::Associate), ..plain.clone() });
    shapes.push(Seat { fence: fence(Direction::Disassociate), tries: 1, ..plain.clone() });
    shapes.push(Seat { tries: u32::MAX, ..plain.clone() });
    shapes.push(Seat { touched_at: at(-3_000_000_000), ..plain.clone() });
    shapes.push(Seat { touched_at: at(0) + TimeDelta::microseconds(1), ..plain.clone() });
    shapes.push(plain);
    shapes
}

/// A seat comes back as it was saved in every state, and is replaced as a whole.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_seat_comes_back_as_it_was_saved(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a seat comes back as it was saved", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let key = key(&fixture.berlin, 2, &fixture.device("C02")?);
    for shape in shapes(&key) {
        fixture.save_location(&fixture.acme, &fixture.berlin, puts([shape.clone()])).await?;
        let found = fixture.seats_in_berlin(Seats::These([key.clone()].into())).await?;
        fixture.same("the seat", &vec![shape], &found)?;
    }
    Ok(())
}

/// A device and a user are two holders, also when their ids are equal, and no id is taken for another one.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn holders_are_told_apart(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("holders are told apart", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let mut holders = Vec::new();
    for id in ["C02", "c02", "dC02", "uC02", "-", "0", "00"] {
        holders.extend([fixture.device(id)?, fixture.user(id)?]);
    }
    let long = "7".repeat(200);
    for id in
        [" C02", "C02 ", "%", "_", "'\";--", "ä", "a\u{308}", "営業", "🍏", "a:b", "user@example.org", &long]
    {
        holders.push(fixture.user(id)?);
    }
    holders.sort();
    let seats: Vec<Seat> =
        (0..).zip(&holders).map(|(seconds, holder)| seat(key(&fixture.berlin, 2, holder), seconds)).collect();
    fixture.save_location(&fixture.acme, &fixture.berlin, puts(seats.clone())).await?;
    fixture.same("all by key", &seats, &fixture.seats_in_berlin(Seats::After(None, 100)).await?)?;
    for (holder, seat) in holders.into_iter().zip(&seats) {
        let found = fixture.seats_in_berlin(Seats::OfHolder(holder)).await?;
        fixture.same("the seat of a holder", std::slice::from_ref(seat), found.as_slice())?;
        let next = seats.iter().find(|next| next.key > seat.key).cloned();
        let found = fixture.seats_in_berlin(Seats::After(Some(seat.key.clone()), 1)).await?;
        fixture.same("the next seat", &Vec::from_iter(next), &found)?;
    }
    Ok(())
}

/// A seat that is forgotten is gone, and no other.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_forgotten_seat_is_gone(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a forgotten seat is gone", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let (device, user) = (fixture.device("C02")?, fixture.user("C02")?);
    let queued = Progress::Queued { apart: None };
    let gone = Seat { progress: queued, ..seat(key(&fixture.berlin, 2, &device), 0) };
    let left = [seat(key(&fixture.berlin, 2, &user), 0), seat(key(&fixture.berlin, 10, &device), 0)];
    fixture
        .save_location(&fixture.acme, &fixture.berlin, puts([gone.clone()].into_iter().chain(left.clone())))
        .await?;
    let unknown = key(&fixture.berlin, 7, &device);
    for _ in 0..2 {
        let seats = [(gone.key.clone(), SeatChange::Forget), (unknown.clone(), SeatChange::Forget)].into();
        let changes = LocationChanges { seats, ..LocationChanges::default() };
        fixture.save_location(&fixture.acme, &fixture.berlin, changes).await?;
        let found = fixture.seats_in_berlin(Seats::After(None, 100)).await?;
        fixture.same("what is left", left.as_slice(), found.as_slice())?;
        let action = gone.next_action().into_iter().collect();
        let found = fixture.seats_in_berlin(Seats::WithNextAction(action, 9)).await?;
        fixture.same("what is left with its next action", &0, &found.len())?;
    }
    fixture.save_location(&fixture.acme, &fixture.berlin, puts([gone.clone()])).await?;
    let found = fixture.seats_in_berlin(Seats::These([gone.key.clone()].into())).await?;
    fixture.same("the seat when it comes again", &vec![gone], &found)
}

/// The touch of a seat is never read back as an earlier one, and by less than a microsecond as a later one. A touch that
/// was read back stays the same.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_touch_is_never_read_back_as_an_earlier_one(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a touch is never read back as an earlier one", store)?;
    fixture.add_location(&fixture.acme, &fixture.berlin).await?;
    let key = key(&fixture.berlin, 2, &fixture.device("C02")?);
    for (nanoseconds, kept) in [(0, 0), (1, 1), (999, 1), (1_000, 1), (999_999_999, 1_000_000)] {
        let touched_at = at(0) + TimeDelta::nanoseconds(nanoseconds);
        let mut touched = Seat { touched_at, ..seat(key.clone(), 0) };
        for step in ["read back", "saved again"] {
            fixture.save_location(&fixture.acme, &fixture.berlin, puts([touched.clone()])).await?;
            let found = fixture.seats_in_berlin(Seats::These([key.clone()].into())).await?;
            touched.touched_at = at(0) + TimeDelta::microseconds(kept);
            fixture.same(step, &vec![touched.clone()], &found)?;
        }
    }
    Ok(())
}
