//! A state as a number: times as ranks around now, so that states that no rule can tell apart are one.

use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};

use super::snapshot::{Copy, DIRECTIONS, End, Read, Snapshot, base, index};
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
    fn of(snapshot: &Snapshot) -> Self {
        let mut times = Vec::with_capacity(8);
        if let Some(seat) = &snapshot.seat {
            times.push(seat.touched_at);
            times.extend(seat.fence.map(|fence| fence.until));
        }
        times.extend(DIRECTIONS.into_iter().filter_map(|direction| late(snapshot, direction)));
        times.extend(snapshot.reads.into_iter().flatten().map(|read| read.begun_at));
        times.sort_unstable();
        times.dedup();
        let past = times.iter().rev().filter(|time| **time < snapshot.now).copied().collect();
        let future = times.iter().filter(|time| **time > snapshot.now).copied().collect();
        Self { now: snapshot.now, past, future }
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

fn late(snapshot: &Snapshot, direction: Direction) -> Option<DateTime<Utc>> {
    snapshot.apple.late[index(direction)].filter(|until| *until > snapshot.now)
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

const ENDS: [Option<End>; 4] = [None, Some(End::Complete), Some(End::FailedBySeat), Some(End::FailedUnnamed)];
const FOUND: [Option<bool>; 3] = [None, Some(false), Some(true)];

fn place<T: PartialEq>(all: &[T], one: &T) -> usize {
    all.iter().position(|other| other == one).unwrap()
}

pub(super) fn packed(snapshot: &Snapshot) -> u64 {
    let (ranks, mut bits) = (Ranks::of(snapshot), Bits::default());
    bits.put(snapshot.is_desired.into(), 1);
    bits.put(snapshot.seat.is_some().into(), 1);
    if let Some(seat) = &snapshot.seat {
        bits.put((!seat.is_ours()).into(), 1);
        bits.put(place(&Observed::ALL, &seat.observed), 2);
        let progress = match seat.progress {
            Progress::Idle => 0,
            Progress::Queued { .. } => 1,
            Progress::InRequest { .. } => 2,
            Progress::GivenUp { .. } => 3,
        };
        bits.put(progress, 2);
        bits.put(seat.fence.map_or(0, |fence| 1 + index(fence.direction)), 2);
        bits.put_time(&ranks, seat.fence.map(|fence| fence.until));
        bits.put_time(&ranks, Some(seat.touched_at));
    }
    let request = snapshot.request.as_ref().map(|request| 1 + index(request.direction));
    bits.put(request.unwrap_or(0), 2);
    bits.put(snapshot.is_accepted().into(), 1);
    bits.put(snapshot.apple.assigned.into(), 1);
    bits.put(snapshot.apple.copy.is_some().into(), 1);
    if let Some(copy) = snapshot.apple.copy {
        bits.put(copy.ran.into(), 1);
        bits.put(place(&ENDS, &copy.end), 2);
    }
    for direction in DIRECTIONS {
        let late = late(snapshot, direction);
        bits.put(late.is_some().into(), 1);
        bits.put_time(&ranks, late);
    }
    let mut reads = snapshot.reads;
    reads.sort_unstable();
    for read in reads {
        bits.put(read.is_some().into(), 1);
        if let Some(Read { begun_at, found }) = read {
            bits.put_time(&ranks, Some(begun_at));
            bits.put(place(&FOUND, &found), 2);
        }
    }
    bits.word
}

pub(super) fn unpacked(word: u64, fences: bool) -> Snapshot {
    let mut bits = Bits { word, used: 0 };
    let mut snapshot = Snapshot::first(fences);
    snapshot.is_desired = bits.flag();
    if bits.flag() {
        let foreign = bits.flag();
        let desired = if foreign { testing::FOREIGN } else { snapshot.desired() };
        let mut seat = testing::seat(desired, Observed::ALL[bits.take(2)], base());
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
        snapshot.seat = Some(Rc::new(seat));
    }
    let direction = bits.take(2);
    let accepted = bits.flag();
    snapshot.request = direction.checked_sub(1).map(|n| Rc::new(request(DIRECTIONS[n], accepted)));
    snapshot.apple.assigned = bits.flag();
    if bits.flag() {
        snapshot.apple.copy = Some(Copy { ran: bits.flag(), end: ENDS[bits.take(2)] });
    }
    for direction in DIRECTIONS {
        let is_late = bits.flag();
        let until = bits.time();
        snapshot.apple.late[index(direction)] = is_late.then_some(until);
    }
    for read in &mut snapshot.reads {
        if bits.flag() {
            *read = Some(Read { begun_at: bits.time(), found: FOUND[bits.take(2)] });
        }
    }
    snapshot
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
    let mut snapshot = Snapshot::first(true);
    snapshot.is_desired = true;
    let mut seat: Seat = testing::seat(testing::HOLD, Observed::Reported, time(-3));
    seat.fence = Some(Fence { direction: Direction::Disassociate, until: time(2) });
    snapshot.seat = Some(Rc::new(seat));
    snapshot.request = Some(Rc::new(request(Direction::Disassociate, true)));
    snapshot.apple.late = [None, Some(time(1))];
    snapshot.reads[0] = Some(Read { begun_at: time(-1), found: Some(true) });
    let number = packed(&snapshot);
    assert_eq!(packed(&unpacked(number, true)), number);
    let (seat, again) = (snapshot.seat.unwrap(), unpacked(number, true).seat.unwrap());
    assert_eq!((seat.fence, seat.observed, again.touched_at), (again.fence, again.observed, time(-2)));
}
