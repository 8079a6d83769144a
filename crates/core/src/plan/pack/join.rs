//! Joining requests that are not full.

use std::collections::BTreeMap;

use super::{limits::RequestLimits, rectangle::Rectangle};

/// Puts together requests with the same assets, then those with the same holders, until that spares nothing more.
pub(super) fn join(mut plan: Vec<Rectangle>, limits: RequestLimits) -> Vec<Rectangle> {
    loop {
        let before = plan.len();
        plan = join_by(
            plan,
            limits.most_holders(),
            |one| (one.assets, one.holders),
            |assets, holders| Rectangle { assets, holders },
        );
        plan = join_by(
            plan,
            limits.most_assets(),
            |one| (one.holders, one.assets),
            |holders, assets| Rectangle { assets, holders },
        );
        if plan.len() >= before {
            return plan;
        }
    }
}

/// Requests whose first side is the same share it, and their second sides are laid end to end.
fn join_by(
    plan: Vec<Rectangle>,
    most: usize,
    sides: fn(Rectangle) -> (Vec<usize>, Vec<usize>),
    build: fn(Vec<usize>, Vec<usize>) -> Rectangle,
) -> Vec<Rectangle> {
    let mut by_side: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for rectangle in plan {
        let (mut same, mut other) = sides(rectangle);
        same.sort_unstable();
        by_side.entry(same).or_default().append(&mut other);
    }
    let mut joined = Vec::new();
    for (same, mut other) in by_side {
        other.sort_unstable();
        joined.extend(other.chunks(most.max(1)).map(|part| build(same.clone(), part.to_vec())));
    }
    joined
}
