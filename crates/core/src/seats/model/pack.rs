//! A state as a number: times as ranks around now, so that states that no rule can tell apart are one.

use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};

use super::scene::{Copy, DIRECTIONS, End, Reading, Scene, base, index};
use crate::seats::{
    Direction, Epoch, EventId, Fence, Holder, Holders, Observed, Progress, Request, RequestNumber,
    RequestState, Seat, SeatKey, testing,
};

/// Times up to now are the last moments before it, in order; later ones lie together shortly before the time that a
/// fence made now would have.
fn time(rank: i64) -> DateTime<Utc> {
    if rank <= 0 {
        base() + TimeDelta::milliseconds(rank)
    } else {
        base() + TimeDelta::seconds(14 * 60 + rank)
    }
}

struct Ranks {
    now: DateTime<Utc>,
    past: Vec<DateTime<Utc>>,
    future: Vec<DateTime<Utc>>,
}

impl Ranks {
    fn of(scene: &Scene) -> Self {
        let mut times = Vec::with_capacity(8);
        if let Some(seat) = &scene.seat {
            times.push(seat.touched_at);
            times.extend(seat.fence.map(|fence| fence.until));
        }
        times.extend(DIRECTIONS.into_iter().filter_map(|direction| late(scene, direction)));
        times.extend(scene.readings.into_iter().flatten().map(|reading| reading.begun_at));
        times.sort_unstable();
        times.dedup();
        let past = times.iter().rev().filter(|time| **time < scene.now).copied().collect();
        let future = times.iter().filter(|time| **time > scene.now).copied().collect();
        Self { now: scene.now, past, future }
    }

    fn rank(&self, time: DateTime<Utc>) -> i64 {
        let place = |times: &[DateTime<Utc>]| {
            i64::try_from(times.iter().position(|one| *one == time).unwrap()).unwrap() + 1
        };
        match time.cmp(&self.now) {
            std::cmp::Ordering::Less => -place(&self.past),
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => place(&self.future),
        }
    }
}

fn late(scene: &Scene, direction: Direction) -> Option<DateTime<Utc>> {
    scene.apple.late[index(direction)].filter(|until| *until > scene.now)
}

#[derive(Default)]
struct Bits {
    word: u64,
    used: u32,
}

impl Bits {
    fn put(&mut self, value: usize, width: u32) {
        assert!(value < 1 << width && self.used + width <= 64);
        self.word |= u64::try_from(value).unwrap() << self.used;
        self.used += width;
    }

    fn put_time(&mut self, ranks: &Ranks, time: Option<DateTime<Utc>>) {
        let rank = time.map_or(0, |time| ranks.rank(time));
        self.put(usize::try_from(rank + 8).unwrap(), 4);
    }

    fn take(&mut self, width: u32) -> usize {
        let value = self.word & ((1 << width) - 1);
        self.word >>= width;
        usize::try_from(value).unwrap()
    }

    fn flag(&mut self) -> bool {
        self.take(1) == 1
    }

    fn time(&mut self) -> DateTime<Utc> {
        time(i64::try_from(self.take(4)).unwrap() - 8)
    }
}

const ENDS: [Option<End>; 4] =
    [None, Some(End::Complete), Some(End::FailedBySeat), Some(End::FailedByNobody)];
const FOUND: [Option<bool>; 3] = [None, Some(false), Some(true)];

fn place<T: PartialEq>(all: &[T], one: &T) -> usize {
    all.iter().position(|other| other == one).unwrap()
}

pub(super) fn packed(scene: &Scene) -> u64 {
    let (ranks, mut bits) = (Ranks::of(scene), Bits::default());
    bits.put(scene.wish.into(), 1);
    bits.put(scene.seat.is_some().into(), 1);
    if let Some(seat) = &scene.seat {
        bits.put((!seat.is_ours()).into(), 1);
        bits.put(place(&Observed::ALL, &seat.observed), 2);
        let motion = match seat.progress {
            Progress::Idle => 0,
            Progress::Queued { .. } => 1,
            Progress::InRequest { .. } => 2,
            Progress::GivenUp { .. } => 3,
        };
        bits.put(motion, 2);
        bits.put(seat.fence.map_or(0, |fence| 1 + index(fence.direction)), 2);
        bits.put_time(&ranks, seat.fence.map(|fence| fence.until));
        bits.put_time(&ranks, Some(seat.touched_at));
    }
    let request = scene.request.as_ref().map(|request| 1 + index(request.direction));
    bits.put(request.unwrap_or(0), 2);
    bits.put(scene.is_accepted().into(), 1);
    bits.put(scene.apple.assigned.into(), 1);
    bits.put(scene.apple.copy.is_some().into(), 1);
    if let Some(copy) = scene.apple.copy {
        bits.put(copy.ran.into(), 1);
        bits.put(place(&ENDS, &copy.end), 2);
    }
    for direction in DIRECTIONS {
        let late = late(scene, direction);
        bits.put(late.is_some().into(), 1);
        bits.put_time(&ranks, late);
    }
    let mut readings = scene.readings;
    readings.sort_unstable();
    for reading in readings {
        bits.put(reading.is_some().into(), 1);
        if let Some(Reading { begun_at, found }) = reading {
            bits.put_time(&ranks, Some(begun_at));
            bits.put(place(&FOUND, &found), 2);
        }
    }
    bits.word
}

pub(super) fn unpacked(word: u64, fences: bool) -> Scene {
    let mut bits = Bits { word, used: 0 };
    let mut scene = Scene::first(fences);
    scene.wish = bits.flag();
    if bits.flag() {
        let foreign = bits.flag();
        let want = if foreign { testing::FOREIGN } else { scene.wanted() };
        let mut seat = testing::seat(want, Observed::ALL[bits.take(2)], base());
        seat.progress = [
            Progress::Idle,
            Progress::Queued { apart: None },
            Progress::InRequest { request: RequestNumber(1) },
            Progress::GivenUp { error: testing::apple_error() },
        ][bits.take(2)]
        .clone();
        let direction = bits.take(2);
        let until = bits.time();
        seat.fence = direction.checked_sub(1).map(|n| Fence { direction: DIRECTIONS[n], until });
        seat.touched_at = bits.time();
        scene.seat = Some(Rc::new(seat));
    }
    let direction = bits.take(2);
    let accepted = bits.flag();
    scene.request = direction.checked_sub(1).map(|n| Rc::new(request(DIRECTIONS[n], accepted)));
    scene.apple.assigned = bits.flag();
    if bits.flag() {
        scene.apple.copy = Some(Copy { ran: bits.flag(), end: ENDS[bits.take(2)] });
    }
    for direction in DIRECTIONS {
        let is_late = bits.flag();
        let until = bits.time();
        scene.apple.late[index(direction)] = is_late.then_some(until);
    }
    for reading in &mut scene.readings {
        if bits.flag() {
            *reading = Some(Reading { begun_at: bits.time(), found: FOUND[bits.take(2)] });
        }
    }
    scene
}

pub(super) fn event_id() -> EventId {
    EventId::new("e").unwrap()
}

pub(super) fn request(direction: Direction, accepted: bool) -> Request {
    let SeatKey { location, asset, holder } = testing::device_seat(7, "C02A");
    let Holder::Device { serial_number } = holder else { unreachable!("the seat is a device's") };
    let holders = Holders::Devices { serial_numbers: [serial_number].into() };
    let request = Request::written(location, RequestNumber(1), direction, [asset].into(), holders, Epoch(1));
    let state = RequestState::Accepted { event_id: event_id(), accepted_at: base(), asked_at: None };
    if accepted { Request { state, ..request } } else { request }
}

#[test]
fn a_state_is_found_again_in_its_number() {
    let mut scene = Scene::first(true);
    scene.wish = true;
    let mut seat: Seat = testing::seat(testing::HOLD, Observed::Reported, time(-3));
    seat.fence = Some(Fence { direction: Direction::Disassociate, until: time(2) });
    scene.seat = Some(Rc::new(seat));
    scene.request = Some(Rc::new(request(Direction::Disassociate, true)));
    scene.apple.late = [None, Some(time(1))];
    scene.readings[0] = Some(Reading { begun_at: time(-1), found: Some(true) });
    let number = packed(&scene);
    assert_eq!(packed(&unpacked(number, true)), number);
    let (seat, again) = (scene.seat.unwrap(), unpacked(number, true).seat.unwrap());
    assert_eq!((seat.fence, seat.observed, again.touched_at), (again.fence, again.observed, time(-2)));
}
