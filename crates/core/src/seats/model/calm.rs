//! Once faults stop: every way on leads to agreement, and none is long.

use super::{
    explore::Explored,
    moves::Move,
    pack::{packed, unpacked},
    scene::{End, Scene},
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
    let scene = unpacked(explored.states[place], true);
    let longest = calm_moves(&scene).into_iter().map(|next| {
        let mut scene = scene.clone();
        scene.make(next);
        let after = explored.places[&packed(&scene)];
        1 + way(explored, after, ways, depth + 1)
    });
    let longest = longest.max().unwrap_or(0);
    ways[place] = Some(longest);
    longest
}

/// What happens next while nobody makes mistakes: requests are sent, run, answered; readings arrive; transactions are run. What
/// was lost before may still run. Empty once wish, knowledge and truth agree.
fn calm_moves(scene: &Scene) -> Vec<Move> {
    let mut moves = scene.late_changes();
    moves.extend(calm_move(scene));
    moves
}

fn calm_move(scene: &Scene) -> Option<Move> {
    if let Some(request) = &scene.request {
        let written = matches!(request.state, RequestState::Written { .. });
        return Some(match scene.apple.copy {
            None => Move::Send,
            Some(copy) if !copy.ran && copy.end.is_none() => Move::Run,
            Some(_) if written => Move::Accept,
            Some(copy) if copy.end.is_none() => Move::End(End::Complete),
            Some(_) => Move::Poll(0),
        });
    }
    for (n, reading) in scene.readings.iter().enumerate() {
        match reading.map(|reading| reading.found) {
            Some(None) => return Some(Move::See(n)),
            Some(Some(_)) => return Some(Move::Deliver(n, 0)),
            None => {}
        }
    }
    let Some(seat) = &scene.seat else {
        assert!(!scene.wish, "a wish without a seat");
        return None;
    };
    let decision = decide_next_action(seat, Gate::Open, scene.now);
    if decision.applied != Applied::Unchanged {
        return Some(Move::Turn);
    }
    match decision.next {
        Some(NextAction::Send) => Some(Move::Write),
        Some(NextAction::ReadBack | NextAction::ReadDelta) if seat.readable_at(scene.now) > scene.now => {
            Some(Move::Moment)
        }
        Some(NextAction::ReadBack | NextAction::ReadDelta) => Some(Move::Begin),
        Some(NextAction::AwaitFence) => Some(Move::Pass),
        Some(NextAction::AwaitAnswer | NextAction::AwaitUser) => unreachable!("no request is under way"),
        Some(NextAction::GivenUp) => Some(Move::TryAgain),
        None if scene.wish => {
            assert!(seat.observed == Observed::Assigned && seat.is_usable() && scene.apple.assigned);
            None
        }
        // The next walk finds that nobody holds it, and it is forgotten.
        None if seat.touched_at >= scene.now => Some(Move::Moment),
        None => Some(Move::Begin),
    }
}
