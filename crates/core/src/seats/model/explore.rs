//! All states that can be reached, in the order of how few steps it takes.

use std::collections::BTreeMap;

use super::{
    judge::{Broken, judge},
    moves::{Move, all_moves},
    pack::{packed, unpacked},
    snapshot::Snapshot,
};

pub(super) struct Explored {
    /// The states, the nearest first.
    pub(super) states: Vec<u64>,
    pub(super) places: BTreeMap<u64, usize>,
    came_from: Vec<Option<(usize, Move)>>,
    /// For each promise the nearest state that breaks it.
    pub(super) broken: BTreeMap<Broken, usize>,
}

/// Explores all states; or, with promises that have to be broken, until each of them is.
pub(super) fn explore(fences: bool, until_broken: &[Broken]) -> Explored {
    let first = packed(&Snapshot::first(fences));
    let mut explored = Explored {
        states: vec![first],
        places: [(first, 0)].into(),
        came_from: vec![None],
        broken: BTreeMap::new(),
    };
    let moves = all_moves();
    let mut at = 0;
    while let Some(state) = explored.states.get(at).copied() {
        let snapshot = unpacked(state, fences);
        for next in moves.iter().copied().filter(|next| snapshot.is_possible(*next)) {
            let mut snapshot = snapshot.clone();
            snapshot.make(next);
            explored.visit(&snapshot, at, next);
        }
        let found = until_broken.iter().all(|promise| explored.broken.contains_key(promise));
        if found && !until_broken.is_empty() {
            break;
        }
        at += 1;
    }
    explored
}

impl Explored {
    fn visit(&mut self, snapshot: &Snapshot, from: usize, by: Move) {
        let state = packed(snapshot);
        if self.places.contains_key(&state) {
            return;
        }
        let place = self.states.len();
        self.states.push(state);
        self.places.insert(state, place);
        self.came_from.push(Some((from, by)));
        for promise in judge(snapshot) {
            self.broken.entry(promise).or_insert(place);
        }
    }

    /// The steps to a state.
    pub(super) fn trace(&self, place: usize) -> Vec<Move> {
        let mut steps = Vec::new();
        let mut at = place;
        while let Some((from, by)) = self.came_from[at] {
            steps.push(by);
            at = from;
        }
        steps.reverse();
        steps
    }
}
