//! What may happen next.

use std::rc::Rc;

use super::{
    pack::{event_id, request},
    snapshot::{Copy, DIRECTIONS, End, READS, Read, Snapshot, index, moment},
};
use crate::apple_error::AppleError;
use crate::seats::{
    Applied, Direction, ErrorSubjects, Fence, Gate, MOST_TRIES, NextAction, Observed, RequestApplied,
    RequestEvent, RequestFailure, RequestNumber, RequestRefusal, Seat, SeatEvent, apply, apply_to_request,
    decide_next_action, testing,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// A moment passes.
    Moment,
    /// Time passes until the next time that anything depends on.
    Pass,
    /// What is desired becomes the opposite.
    Flip,
    /// A transaction decides about the seat.
    Decide,
    /// The session writes the request.
    Write,
    /// The request leaves and reaches Apple.
    Send,
    /// Apple runs the request that is under way; perhaps not for the first time.
    Run,
    /// Apple ends it.
    End(End),
    /// The answer that Apple accepted it is committed.
    Accept,
    /// The answer that Apple refused it because of the seat is committed.
    RefuseSeat,
    /// The answer that Apple refused it because of something else is committed.
    RefuseAll,
    /// No answer, a crash, pending for too long, an unknown event id.
    Lose,
    /// How it ended is asked for and committed, after this number of tries.
    Poll(u32),
    /// A lost request runs, perhaps not for the first time.
    RunLate(Direction),
    /// A read begins.
    Begin,
    /// A read sees whether the license is assigned.
    See(usize),
    /// What a read saw is committed, after this number of tries.
    Deliver(usize, u32),
    /// A notification comes: late, not for the first time, or about another product's event.
    Notify(Direction),
    /// A seat that was given up is tried again.
    Retry,
}

const MOVES: [Move; 22] = [
    Move::Moment,
    Move::Pass,
    Move::Flip,
    Move::Decide,
    Move::Write,
    Move::Send,
    Move::Run,
    Move::End(End::Complete),
    Move::End(End::FailedBySeat),
    Move::End(End::FailedUnnamed),
    Move::Accept,
    Move::RefuseSeat,
    Move::RefuseAll,
    Move::Lose,
    Move::Poll(0),
    Move::Poll(MOST_TRIES),
    Move::RunLate(Direction::Associate),
    Move::RunLate(Direction::Disassociate),
    Move::Begin,
    Move::Notify(Direction::Associate),
    Move::Notify(Direction::Disassociate),
    Move::Retry,
];

/// All moves there are, in the order in which they are tried.
pub(super) fn all_moves() -> Vec<Move> {
    let of_read = |n| [Move::See(n), Move::Deliver(n, 0), Move::Deliver(n, MOST_TRIES)];
    MOVES.into_iter().chain((0..READS).flat_map(of_read)).collect()
}

impl Snapshot {
    pub(super) fn is_possible(&self, next: Move) -> bool {
        // Of reads that are alike, only the first moves.
        let repeated = match next {
            Move::See(n) | Move::Deliver(n, _) => self.reads[..n].contains(&self.reads[n]),
            _ => false,
        };
        !repeated && self.can_be(next)
    }

    fn can_be(&self, next: Move) -> bool {
        let runs = self.apple.copy.is_some_and(|copy| copy.end.is_none());
        match next {
            Move::Moment | Move::Flip => true,
            Move::Pass => self.next_time().is_some(),
            Move::Decide | Move::Write => self.seat.is_some(),
            Move::Send => self.request.is_some() && self.apple.copy.is_none() && !self.is_accepted(),
            Move::Run => runs,
            // A grant may be reported as done that was not done (observed in the wild), a release is believed.
            Move::End(End::Complete) => runs && (self.is_under_way(Direction::Associate) || self.has_run()),
            Move::End(_) => runs,
            Move::Accept => self.apple.copy.is_some() && !self.is_accepted(),
            Move::RefuseSeat | Move::RefuseAll => {
                self.apple.copy == Some(Copy { ran: false, end: None }) && !self.is_accepted()
            }
            Move::Lose => self.request.is_some(),
            Move::Poll(_) => self.is_accepted() && self.apple.copy.is_some_and(|copy| copy.end.is_some()),
            Move::RunLate(direction) => self.may_run_late(direction),
            Move::Begin => self.reads.contains(&None),
            Move::See(n) => self.reads[n].is_some_and(|read| read.found.is_none()),
            Move::Deliver(n, _) => self.reads[n].is_some_and(|read| read.found.is_some()),
            Move::Notify(_) => self.seat.is_some(),
            Move::Retry => self.is_given_up(),
        }
    }

    pub(super) fn make(&mut self, next: Move) {
        match next {
            Move::Moment => self.now += moment(),
            Move::Pass => self.now = self.next_time().unwrap(),
            Move::Flip => self.flip(),
            Move::Decide => {
                let seat = self.seat.clone().unwrap();
                self.save(decide_next_action(&seat, Gate::Open, self.now).applied);
            }
            Move::Write => self.write(),
            Move::Send => self.apple.copy = Some(Copy { ran: false, end: None }),
            Move::Run => {
                let direction = self.request.as_ref().unwrap().direction;
                self.apple.copy = Some(Copy { ran: true, end: None });
                self.run(direction);
            }
            Move::End(end) => {
                let copy = self.apple.copy.unwrap();
                self.apple.copy = Some(Copy { end: Some(end), ..copy });
            }
            Move::Accept => self.answer(&RequestEvent::Accepted { event_id: event_id(), at: self.now }),
            Move::RefuseSeat => self.refuse(400),
            Move::RefuseAll => self.refuse(429),
            Move::Lose => self.lose(),
            Move::Poll(tries) => {
                self.tire(tries);
                self.poll();
            }
            Move::RunLate(direction) => self.run(direction),
            Move::Begin => {
                let free = self.reads.iter().position(Option::is_none).unwrap();
                self.reads[free] = Some(Read { begun_at: self.now, found: None });
            }
            Move::See(n) => {
                let read = self.reads[n].unwrap();
                self.reads[n] = Some(Read { found: Some(self.apple.assigned), ..read });
            }
            Move::Deliver(n, tries) => {
                self.tire(tries);
                let Read { begun_at, found } = self.reads[n].take().unwrap();
                self.deliver(begun_at, found.unwrap());
            }
            Move::Notify(direction) => self.tell(&SeatEvent::Notified { direction }),
            Move::Retry => self.tell(&SeatEvent::Retry),
        }
    }

    fn is_under_way(&self, direction: Direction) -> bool {
        self.request.as_ref().is_some_and(|request| request.direction == direction)
    }

    fn has_run(&self) -> bool {
        self.apple.copy.is_some_and(|copy| copy.ran)
    }

    fn tire(&mut self, tries: u32) {
        if let Some(seat) = &mut self.seat {
            Rc::make_mut(seat).tries = tries;
        }
    }

    fn flip(&mut self) {
        self.is_desired = !self.is_desired;
        let desired = self.desired();
        match &self.seat {
            Some(seat) if seat.is_ours() || self.is_desired => {
                self.tell(&SeatEvent::DesiredChanged { desired });
            }
            None if self.is_desired => {
                let key = testing::device_seat(7, "C02A");
                self.seat = Some(Rc::new(Seat::new(key, desired, Observed::Unassigned, self.now)));
            }
            _ => {}
        }
    }

    fn write(&mut self) {
        let seat = self.seat.clone().unwrap();
        let decision = decide_next_action(&seat, Gate::Open, self.now);
        if (decision.applied, decision.next) == (Applied::Unchanged, Some(NextAction::Send)) {
            assert!(self.request.is_none(), "a seat is in two requests");
            let direction = seat.desired.direction().unwrap();
            self.request = Some(Rc::new(request(direction, false)));
            self.tell(&SeatEvent::Written { request: RequestNumber(1) });
        }
    }

    fn run(&mut self, direction: Direction) {
        self.apple.assigned = direction == Direction::Associate;
    }

    fn refuse(&mut self, http_status: u16) {
        let error = AppleError { number: None, message: String::new() };
        self.apple.copy = None;
        let refusal = RequestRefusal { error, http_status, subjects: ErrorSubjects::default() };
        self.answer(&RequestEvent::Refused { refusal });
    }

    fn lose(&mut self) {
        let direction = self.request.as_ref().unwrap().direction;
        if self.apple.copy.take().is_some_and(|copy| copy.end.is_none()) {
            let until = Fence::around(direction, self.now).until;
            self.apple.late[index(direction)] = Some(until);
        }
        self.answer(&RequestEvent::Lost { last_possible_send: self.now });
    }

    fn poll(&mut self) {
        let end = self.apple.copy.take().unwrap().end.unwrap();
        let error = AppleError { number: None, message: String::new() };
        let serial_numbers = match end {
            End::FailedBySeat => [testing::serial("C02A")].into(),
            _ => [].into(),
        };
        let failures = vec![RequestFailure {
            error,
            subjects: ErrorSubjects { serial_numbers, ..ErrorSubjects::default() },
        }];
        self.answer(&match end {
            End::Complete => RequestEvent::Completed { event_id: event_id() },
            End::FailedBySeat | End::FailedUnnamed => RequestEvent::Failed { event_id: event_id(), failures },
        });
    }

    fn deliver(&mut self, begun_at: chrono::DateTime<chrono::Utc>, found: bool) {
        let event = if found { SeatEvent::Listed { begun_at } } else { SeatEvent::NotListed { begun_at } };
        if self.seat.is_some() {
            self.tell(&event);
        } else if found {
            self.seat = Some(Rc::new(Seat::foreign(testing::device_seat(7, "C02A"), begun_at)));
        }
    }

    /// Applies an answer to the request, and to its seat.
    fn answer(&mut self, event: &RequestEvent) {
        let before = self.request.take().unwrap();
        let RequestApplied::Changed { request, events } = apply_to_request(&before, event) else {
            unreachable!("an open request is answered");
        };
        self.request = request.is_open().then(|| Rc::new(request));
        for (key, event) in events {
            assert_eq!(key, self.seat.as_ref().unwrap().key);
            self.tell(&event);
        }
    }

    fn tell(&mut self, event: &SeatEvent) {
        let applied = apply(self.seat.as_ref().unwrap(), event, self.now);
        self.save(applied);
    }

    fn save(&mut self, applied: Applied) {
        match applied {
            Applied::Unchanged => {}
            Applied::Changed { seat } => self.seat = Some(Rc::new(seat)),
            Applied::Forgotten => self.seat = None,
        }
        if let (Some(seat), false) = (&mut self.seat, self.fences) {
            Rc::make_mut(seat).fence = None;
        }
    }

    /// Whether a lost request that runs now would change anything.
    pub(super) fn late_changes(&self) -> Vec<Move> {
        let news = |direction: &Direction| {
            self.may_run_late(*direction) && self.apple.assigned != (*direction == Direction::Associate)
        };
        DIRECTIONS.into_iter().filter(news).map(Move::RunLate).collect()
    }
}
