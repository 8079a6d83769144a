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

fn member() -> Member {
    Member::new(location_id("1"), client_user("u1"), UserId::new("ada").unwrap(), now())
}

fn read(status: MemberStatus, seconds: i64) -> MemberEvent {
    MemberEvent::Read { status, begun_at: at(seconds) }
}

const REQUEST: RequestNumber = RequestNumber(1);

#[test]
fn a_user_is_looked_at_registered_and_read_back_before_his_licenses_go() {
    let mut member = member();
    let mut steps = vec![(member.step(), member.gate())];
    for (event, seconds) in [
        (read(MemberStatus::Unregistered, 1), 2),
        (MemberEvent::Written { request: REQUEST }, 3),
        (MemberEvent::Ended { request: REQUEST }, 4),
        (read(MemberStatus::Registered, 5), 6),
        (read(MemberStatus::Associated, 7), 8),
    ] {
        member = member.after(&event, at(seconds)).unwrap();
        assert_eq!(member.after(&event, at(seconds)), None, "{event:?} again");
        steps.push((member.step(), member.gate()));
    }
    assert_eq!(
        steps,
        [
            (MemberStep::Look, Gate::NotYet),
            (MemberStep::Register, Gate::NotYet),
            (MemberStep::Await { request: REQUEST }, Gate::NotYet),
            (MemberStep::Look, Gate::NotYet),
            (MemberStep::Nothing, Gate::Open),
            (MemberStep::Nothing, Gate::Open),
        ]
    );
}

#[test]
fn a_retired_user_is_not_registered_again_by_itself() {
    let retired = member().after(&read(MemberStatus::Retired, 1), at(2)).unwrap();
    assert_eq!((retired.step(), retired.gate()), (MemberStep::Nothing, Gate::Retired));
    assert_eq!(retired.after(&MemberEvent::Written { request: REQUEST }, at(3)), None);
}

#[test]
fn a_reading_from_before_the_request_ended_says_nothing() {
    let unregistered = member().after(&read(MemberStatus::Unregistered, 1), at(2)).unwrap();
    let sent = unregistered.after(&MemberEvent::Written { request: REQUEST }, at(3)).unwrap();
    assert_eq!(sent.after(&read(MemberStatus::Unregistered, 4), at(5)), None, "while it is under way");
    let ended = sent.after(&MemberEvent::Ended { request: REQUEST }, at(6)).unwrap();
    assert_eq!(ended.after(&read(MemberStatus::Unregistered, 6), at(7)), None);
    assert_eq!(ended.after(&MemberEvent::Ended { request: REQUEST }, at(8)), None);
}

#[test]
fn a_refused_user_is_left_until_somebody_asks_or_he_is_there_after_all() {
    let unregistered = member().after(&read(MemberStatus::Unregistered, 1), at(2)).unwrap();
    let sent = unregistered.after(&MemberEvent::Written { request: REQUEST }, at(3)).unwrap();
    let error = AppleError { number: None, message: "of another organization".into() };
    let failed = sent.after(&MemberEvent::Failed { request: REQUEST, error }, at(4)).unwrap();
    assert_eq!(failed.step(), MemberStep::Look);
    let looked = failed.after(&read(MemberStatus::Unregistered, 5), at(6)).unwrap();
    assert_eq!(looked.step(), MemberStep::Nothing);
    assert_eq!(looked.after(&MemberEvent::TryAgain, at(7)).unwrap().step(), MemberStep::Register);
    let there = looked.after(&read(MemberStatus::Registered, 7), at(8)).unwrap();
    assert_eq!((there.motion.clone(), there.gate()), (MemberMotion::Still, Gate::Open));
}
