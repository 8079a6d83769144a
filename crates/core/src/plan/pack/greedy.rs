//! The greedy plan: take the request that covers most pairs, again and again. Requests across classes are grown.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    classes::{Class, Classes, Rectangle},
    limits::RequestLimits,
};

/// The choice between two requests that cover equally many pairs. Neither is better for all inputs, so both are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prefer {
    /// The request within a single class.
    OneClass,
    /// The request that was grown across classes.
    ManyClasses,
}

/// Covers every pair once: by larger requests first until the effort is spent, and the rest class by class.
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

/// Covers each class by itself, and orders the requests by size, largest first.
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

/// The assets of a class, up to the limit. Assets that few other holders need come first, because the others can still
/// be shared with other classes.
fn own_assets(classes: &Classes, number: usize, limits: RequestLimits) -> Vec<usize> {
    let mut assets = classes.class(number).map(|class| class.assets.clone()).unwrap_or_default();
    if assets.len() > limits.most_assets() {
        assets.sort_by_key(|asset| (classes.degree(*asset), *asset));
        assets.truncate(limits.most_assets());
        assets.sort_unstable();
    }
    assets
}

/// The classes that need all of these assets. Those that need little else come first, so that they are used up.
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

/// The assets to grow from, by the area that growing from them gave the last time. The uncovered pairs only become
/// fewer, so an old area is nearly always an upper bound, and most assets need not be tried again.
struct Seeds {
    by_area: BinaryHeap<(usize, Reverse<usize>)>,
    grower: Grower,
    prefer: Prefer,
}

impl Seeds {
    fn new(classes: &Classes, assets: usize, limits: RequestLimits, prefer: Prefer) -> Self {
        // Before the first try the bound is a full request of all holders that need the asset.
        let hope = |asset| limits.area(limits.most_assets(), classes.degree(asset));
        let by_area = (0..assets).map(|asset| (hope(asset), Reverse(asset))).collect();
        Self { by_area, grower: Grower::new(assets, limits), prefer }
    }

    /// The best request across classes if it is better than one that covers `area` pairs.
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
            // Lazy evaluation of a priority queue: the new area is the best if no other bound is larger.
            let is_best = self.by_area.peek().is_none_or(|(next, _)| grown.area >= *next);
            if is_best && grown.area >= enough {
                return Some(grown);
            }
        }
        None
    }
}

/// The work that may still be spent on better requests, in visits of one asset of one class. It is counted, not timed,
/// so that the same input gives the same plan on every machine.
pub(super) struct Effort(usize);

impl Effort {
    pub(super) const fn new(visits: usize) -> Self {
        Self(visits)
    }

    pub(super) const fn is_spent(&self) -> bool {
        self.0 == 0
    }

    pub(super) const fn spend(&mut self, visits: usize) {
        self.0 = self.0.saturating_sub(visits);
    }
}

/// A set of assets that many holders need together.
pub(super) struct Grown {
    /// The number of pairs that a request of them covers.
    pub(super) area: usize,
    /// The assets, in order.
    pub(super) assets: Vec<usize>,
}

/// Grows requests. Its buffers are kept between calls, so that growing allocates little.
pub(super) struct Grower {
    limits: RequestLimits,
    /// For each asset the number of remaining holders that need it.
    tally: Vec<usize>,
    /// The assets whose tally is not 0.
    met: Vec<usize>,
}

impl Grower {
    pub(super) fn new(assets: usize, limits: RequestLimits) -> Self {
        Self { limits, tally: vec![0; assets], met: Vec::new() }
    }

    /// Starts with all holders of an asset, adds the asset that most of them need, and repeats this with those that
    /// need it. The best request on the way is the answer.
    pub(super) fn grow(&mut self, classes: &Classes, seed: usize, effort: &mut Effort) -> Grown {
        let mut holders = classes.degree(seed);
        let mut inside = classes.of_asset(seed).to_vec();
        let mut chosen = vec![seed];
        let mut best = Grown { area: self.limits.area(1, holders), assets: chosen.clone() };
        while chosen.len() < self.limits.most_assets() {
            self.count(classes, &inside, effort);
            let next = self.choose(&mut chosen, holders);
            let area = self.limits.area(chosen.len(), holders);
            if area > best.area {
                best = Grown { area, assets: chosen.clone() };
            }
            let Some((asset, fewer)) = next else { break };
            // Even a full request of the remaining holders would not be better.
            if self.limits.area(self.limits.most_assets(), fewer) <= best.area {
                break;
            }
            inside.retain(|number| needs(classes, *number, asset));
            holders = fewer;
            chosen.push(asset);
            let area = self.limits.area(chosen.len(), holders);
            if area > best.area {
                best = Grown { area, assets: chosen.clone() };
            }
        }
        best.assets.sort_unstable();
        best
    }

    /// Counts for each asset the remaining holders that need it.
    fn count(&mut self, classes: &Classes, inside: &[usize], effort: &mut Effort) {
        for asset in self.met.drain(..) {
            if let Some(tally) = self.tally.get_mut(asset) {
                *tally = 0;
            }
        }
        for class in inside.iter().filter_map(|number| classes.class(*number)) {
            effort.spend(1);
            if class.holders.is_empty() {
                continue;
            }
            effort.spend(class.assets.len());
            for asset in &class.assets {
                if let Some(tally) = self.tally.get_mut(*asset) {
                    if *tally == 0 {
                        self.met.push(*asset);
                    }
                    *tally = tally.saturating_add(class.holders.len());
                }
            }
        }
        self.met.sort_unstable();
    }

    /// Adds the assets that all remaining holders need, and returns the asset that most of them need besides, with
    /// their number.
    fn choose(&self, chosen: &mut Vec<usize>, holders: usize) -> Option<(usize, usize)> {
        let mut next: Option<(usize, usize)> = None;
        for asset in &self.met {
            let tally = self.tally.get(*asset).copied().unwrap_or_default();
            if chosen.contains(asset) {
                continue;
            }
            if tally == holders && chosen.len() < self.limits.most_assets() {
                chosen.push(*asset);
            } else if next.is_none_or(|(_, most)| tally > most) {
                next = Some((*asset, tally));
            }
        }
        next
    }
}

/// Whether a class that has holders needs an asset.
fn needs(classes: &Classes, number: usize, asset: usize) -> bool {
    classes
        .class(number)
        .is_some_and(|class| !class.holders.is_empty() && class.assets.binary_search(&asset).is_ok())
}
