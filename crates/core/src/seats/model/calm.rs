//! Once faults stop: every way on leads to agreement, and none is long.

use super::{
    explore::Explored,
    moves::Move,
    pack::{packed, unpacked},
    snapshot::{End, Snapshot},
};
use crate::seats::{Applied, Gate, NextAction, Observed, RequestState, decide_next_action};

/// The largest number of steps from any state to agreement.
pub(super) fn longest_way_to_agreement(explored: &Explored) -> usize {
    let mut ways = vec![None; explored.states.len()];
    let places = 0..explored.states.len();
    places.map(|place| way(explored, place, &mut ways, 0)).max().unwrap()
}

fn way(explored: &Explored, place: usize, ways: &mut [Option<usize>], depth: usize) -> usize {
    if let Some(way) = ways[place] {
        return way;
    }
    assert!(depth < 200, "no agreement after {:?}", explored.trace(place));
    let snapshot = unpacked(explored.states[place], true);
    let longest = calm_moves(&snapshot).into_iter().map(|next| {
        let mut snapshot = snapshot.clone();
        snapshot.make(next);
        let after = explored.places[&packed(&snapshot)];
        1 + way(explored, after, ways, depth + 1)
    });
    let longest = longest.max().unwrap_or(0);
    ways[place] = Some(longest);
    longest
}

/// What happens next while no fault happens: requests are sent, run, answered; reads arrive; transactions are run. What
/// was lost before may still run. Empty once desire, knowledge and truth agree.
fn calm_moves(snapshot: &Snapshot) -> Vec<Move> {
    let mut moves = snapshot.late_changes();
    moves.extend(calm_move(snapshot));
    moves
}

fn calm_move(snapshot: &Snapshot) -> Option<Move> {
    if let Some(request) = &snapshot.request {
        let written = matches!(request.state, RequestState::Written { .. });
        return Some(match snapshot.apple.copy {
            None => Move::Send,
            Some(copy) if !copy.ran && copy.end.is_none() => Move::Run,
            Some(_) if written => Move::Accept,
            Some(copy) if copy.end.is_none() => Move::End(End::Complete),
            Some(_) => Move::Poll(0),
        });
    }
    for (n, read) in snapshot.reads.iter().enumerate() {
        match read.map(|read| read.found) {
            Some(None) => return Some(Move::See(n)),
            Some(Some(_)) => return Some(Move::Deliver(n, 0)),
            None => {}
        }
    }
    let Some(seat) = &snapshot.seat else {
        assert!(!snapshot.is_desired, "a license is desired and there is no seat");
        return None;
    };
    let decision = decide_next_action(seat, Gate::Open, snapshot.now);
    if decision.applied != Applied::Unchanged {
        return Some(Move::Decide);
    }
    match decision.next {
        Some(NextAction::Send) => Some(Move::Write),
        Some(NextAction::ReadBack | NextAction::ReadDelta)
            if seat.readable_at(snapshot.now) > snapshot.now =>
        {
            Some(Move::Moment)
        }
        Some(NextAction::ReadBack | NextAction::ReadDelta) => Some(Move::Begin),
        Some(NextAction::AwaitFence) => Some(Move::Pass),
        Some(NextAction::AwaitAnswer | NextAction::AwaitUser) => unreachable!("no request is under way"),
        Some(NextAction::GivenUp) => Some(Move::Retry),
        None if snapshot.is_desired => {
            assert!(seat.observed == Observed::Assigned && seat.is_usable() && snapshot.apple.assigned);
            None
        }
        // The next full read does not list it, and it is forgotten.
        None if seat.touched_at >= snapshot.now => Some(Move::Moment),
        None => Some(Move::Begin),
    }
}
