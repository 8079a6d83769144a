//! Taking the request that covers most, again and again.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    classes::Classes,
    grow::{Effort, Grower, Grown},
    limits::RequestLimits,
    rectangle::{Class, Rectangle},
};

/// Which of two requests that cover equally much is taken first. Neither is better for all inputs, so both are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefer {
    /// The one inside a single class.
    OneClass,
    /// The one that was grown across classes.
    ManyClasses,
}

/// Covers every pair once, larger requests first as far as the effort goes, the rest class by class.
pub(super) fn greedy(
    mut classes: Classes,
    assets: usize,
    limits: RequestLimits,
    prefer: Prefer,
    effort: &mut Effort,
) -> Vec<Rectangle> {
    let mut seeds = Seeds::new(&classes, assets, limits, prefer);
    let mut rectangles = Vec::new();
    while let Some((area, number)) = classes.largest() {
        if effort.is_spent() {
            break;
        }
        let wanted = match seeds.better_than(area, &classes, effort) {
            Some(grown) => grown.assets,
            None => own_assets(&classes, number, limits),
        };
        let from = classes_that_need(&classes, &wanted, effort);
        rectangles.push(classes.take(wanted, &from));
    }
    rectangles.extend(class_by_class(classes.rest(), limits));
    rectangles
}

/// Each class for itself, larger requests first.
pub(super) fn class_by_class<'a>(
    classes: impl IntoIterator<Item = &'a Class>,
    limits: RequestLimits,
) -> Vec<Rectangle> {
    let mut rectangles = Vec::new();
    for class in classes {
        rectangles.extend(class.cut(limits.most_assets(), limits.most_holders()));
    }
    rectangles.sort_by_key(|rectangle| Reverse(rectangle.area()));
    rectangles
}

/// The assets of a class, or as many as a request holds; those that few others need go first, for the others can
/// still be shared.
fn own_assets(classes: &Classes, number: usize, limits: RequestLimits) -> Vec<usize> {
    let mut assets = classes.class(number).map(|class| class.assets.clone()).unwrap_or_default();
    if assets.len() > limits.most_assets() {
        assets.sort_by_key(|asset| (classes.degree(*asset), *asset));
        assets.truncate(limits.most_assets());
        assets.sort_unstable();
    }
    assets
}

/// The classes that need all of these assets; those that need little else go first, so that they are done with.
fn classes_that_need(classes: &Classes, assets: &[usize], effort: &mut Effort) -> Vec<usize> {
    let rarest = assets.iter().min_by_key(|asset| classes.of_asset(**asset).len());
    let mut found = Vec::new();
    for number in rarest.map_or(&[][..], |asset| classes.of_asset(*asset)) {
        effort.spend(1);
        let Some(class) = classes.class(*number).filter(|class| !class.holders.is_empty()) else { continue };
        effort.spend(assets.len());
        if assets.iter().all(|asset| class.assets.binary_search(asset).is_ok()) {
            found.push((class.assets.len(), *number));
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(_, number)| number).collect()
}

/// The assets to grow from, by what growing from them gave when it was last tried. What is not covered only shrinks,
/// so that is nearly always as good as it gets, and most need not be tried again.
struct Seeds {
    by_area: BinaryHeap<(usize, Reverse<usize>)>,
    grower: Grower,
    prefer: Prefer,
}

impl Seeds {
    fn new(classes: &Classes, assets: usize, limits: RequestLimits, prefer: Prefer) -> Self {
        let hope = |asset| limits.area(limits.most_assets(), classes.degree(asset));
        let by_area = (0..assets).map(|asset| (hope(asset), Reverse(asset))).collect();
        Self { by_area, grower: Grower::new(assets, limits), prefer }
    }

    /// The best request across classes, if it is better than one that covers `area` pairs.
    fn better_than(&mut self, area: usize, classes: &Classes, effort: &mut Effort) -> Option<Grown> {
        let enough = match self.prefer {
            Prefer::OneClass => area.saturating_add(1),
            Prefer::ManyClasses => area,
        };
        while !effort.is_spent() {
            let (hope, Reverse(seed)) = self.by_area.peek().copied()?;
            if hope < enough {
                return None;
            }
            self.by_area.pop();
            let grown = self.grower.grow(classes, seed, effort);
            if grown.area > 0 {
                self.by_area.push((grown.area, Reverse(seed)));
            }
            let is_best = self.by_area.peek().is_none_or(|(next, _)| grown.area >= *next);
            if is_best && grown.area >= enough {
                return Some(grown);
            }
        }
        None
    }
}
