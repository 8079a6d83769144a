//! Which difference is which drift, and which is none.

use chrono::TimeDelta;

use super::*;
use crate::{
    seats::{
        Direction, Fence, RequestNumber,
        testing::{FOREIGN, FREE, HOLD, apple_error, seat},
    },
    testing::now,
};

/// The read began a minute after the seats were touched.
fn begun_at() -> DateTime<Utc> {
    now() + TimeDelta::minutes(1)
}

fn still(desired: Desired, observed: Observed) -> Seat {
    seat(desired, observed, now())
}

#[test]
fn each_difference_is_one_kind_of_drift_or_under_way() {
    let moving = |progress| Seat { progress, ..still(HOLD, Observed::Assigned) };
    let given_up = Progress::GivenUp { error: apple_error() };
    let fence = Some(Fence::around(Direction::Associate, now()));
    let table = [
        (still(HOLD, Observed::Assigned), "fine", "missing"),
        (still(HOLD, Observed::Reported), "fine", "missing"),
        (still(HOLD, Observed::Unassigned), "fine", "fine"),
        (still(HOLD, Observed::Unknown), "under way", "under way"),
        (Seat { progress: given_up.clone(), ..still(HOLD, Observed::Unassigned) }, "fine", "fine"),
        (still(FREE, Observed::Assigned), "orphan", "fine"),
        (still(FREE, Observed::Unassigned), "orphan", "fine"),
        (still(FREE, Observed::Unknown), "under way", "under way"),
        (Seat { progress: given_up, ..still(FREE, Observed::Assigned) }, "orphan", "fine"),
        (still(FOREIGN, Observed::Assigned), "foreign", "fine"),
        (Seat { touched_at: begun_at(), ..still(FOREIGN, Observed::Assigned) }, "foreign", "fine"),
        (moving(Progress::Queued { apart: None }), "under way", "under way"),
        (moving(Progress::InRequest { request: RequestNumber(1) }), "under way", "under way"),
        (Seat { fence, ..still(FREE, Observed::Unassigned) }, "under way", "under way"),
        (Seat { touched_at: begun_at(), ..still(HOLD, Observed::Assigned) }, "under way", "under way"),
        (Seat { touched_at: begun_at(), ..still(FREE, Observed::Unassigned) }, "under way", "under way"),
    ];
    let name = |verdict| match verdict {
        Verdict::AsItShouldBe => "fine",
        Verdict::UnderWay => "under way",
        Verdict::Foreign => "foreign",
        Verdict::Orphan => "orphan",
        Verdict::Missing => "missing",
    };
    for (seat, listed, not_listed) in table {
        let said = |is_listed| name(judge(&seat, is_listed, begun_at()));
        assert_eq!((said(true), said(false)), (listed, not_listed), "{seat:?}");
    }
}
