//! How a user comes to be known at Apple.

use chrono::TimeDelta;

use super::*;
use crate::{
    seats::testing::client_user,
    testing::{location_id, now},
};

fn at(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

fn unknown() -> VppUser {
    VppUser::new(location_id("1"), client_user("u1"), UserId::new("ada").unwrap(), now())
}

fn read(status: VppUserStatus, seconds: i64) -> VppUserEvent {
    VppUserEvent::Read { status, begun_at: at(seconds) }
}

const REQUEST: RequestNumber = RequestNumber(1);

#[test]
fn a_user_is_read_registered_and_read_back_before_their_licenses_go() {
    let mut user = unknown();
    let mut steps = vec![(user.step(), user.gate())];
    for (event, seconds) in [
        (read(VppUserStatus::Unregistered, 1), 2),
        (VppUserEvent::Written { request: REQUEST }, 3),
        (VppUserEvent::Ended { request: REQUEST }, 4),
        (read(VppUserStatus::Registered, 5), 6),
        (read(VppUserStatus::Associated, 7), 8),
    ] {
        user = user.after(&event, at(seconds)).unwrap();
        assert_eq!(user.after(&event, at(seconds)), None, "{event:?} again");
        steps.push((user.step(), user.gate()));
    }
    assert_eq!(
        steps,
        [
            (VppUserStep::Read, Gate::NotYet),
            (VppUserStep::Register, Gate::NotYet),
            (VppUserStep::Await { request: REQUEST }, Gate::NotYet),
            (VppUserStep::Read, Gate::NotYet),
            (VppUserStep::Nothing, Gate::Open),
            (VppUserStep::Nothing, Gate::Open),
        ]
    );
}

#[test]
fn a_retired_user_is_not_registered_again_by_itself() {
    let retired = unknown().after(&read(VppUserStatus::Retired, 1), at(2)).unwrap();
    assert_eq!((retired.step(), retired.gate()), (VppUserStep::Nothing, Gate::Retired));
    assert_eq!(retired.after(&VppUserEvent::Written { request: REQUEST }, at(3)), None);
}

#[test]
fn a_read_from_before_the_request_ended_says_nothing() {
    let unregistered = unknown().after(&read(VppUserStatus::Unregistered, 1), at(2)).unwrap();
    let sent = unregistered.after(&VppUserEvent::Written { request: REQUEST }, at(3)).unwrap();
    assert_eq!(sent.after(&read(VppUserStatus::Unregistered, 4), at(5)), None, "while it is under way");
    let ended = sent.after(&VppUserEvent::Ended { request: REQUEST }, at(6)).unwrap();
    assert_eq!(ended.after(&read(VppUserStatus::Unregistered, 6), at(7)), None);
    assert_eq!(ended.after(&VppUserEvent::Ended { request: REQUEST }, at(8)), None);
}

#[test]
fn a_refused_user_is_left_until_a_retry_or_a_read_that_lists_them() {
    let unregistered = unknown().after(&read(VppUserStatus::Unregistered, 1), at(2)).unwrap();
    let sent = unregistered.after(&VppUserEvent::Written { request: REQUEST }, at(3)).unwrap();
    let error = AppleError { number: None, message: "of another organization".into() };
    let failed = sent.after(&VppUserEvent::Failed { request: REQUEST, error }, at(4)).unwrap();
    assert_eq!(failed.step(), VppUserStep::Read);
    let still_unknown = failed.after(&read(VppUserStatus::Unregistered, 5), at(6)).unwrap();
    assert_eq!(still_unknown.step(), VppUserStep::Nothing);
    assert_eq!(still_unknown.after(&VppUserEvent::Retry, at(7)).unwrap().step(), VppUserStep::Register);
    let there = still_unknown.after(&read(VppUserStatus::Registered, 7), at(8)).unwrap();
    assert_eq!((there.progress.clone(), there.gate()), (VppUserProgress::Idle, Gate::Open));
}
