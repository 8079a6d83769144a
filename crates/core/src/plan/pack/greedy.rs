//! Taking the request that covers most, again and again.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    classes::{Class, Classes, Rectangle},
    limits::RequestLimits,
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

/// Work that may still be spent on looking for better requests, in looks at an asset of a class. It is counted, not
/// timed, so the same input gives the same plan on every machine.
pub(super) struct Effort(usize);

impl Effort {
    pub(super) const fn new(looks: usize) -> Self {
        Self(looks)
    }

    pub(super) const fn is_spent(&self) -> bool {
        self.0 == 0
    }

    pub(super) const fn spend(&mut self, looks: usize) {
        self.0 = self.0.saturating_sub(looks);
    }
}

/// Assets that many holders need together.
pub(super) struct Grown {
    /// How many pairs a request of them covers.
    pub(super) area: usize,
    /// In order.
    pub(super) assets: Vec<usize>,
}

/// Grows requests; keeps its scratch paper between calls.
pub(super) struct Grower {
    limits: RequestLimits,
    /// For each asset, how many of the holders that are still in need it.
    tally: Vec<usize>,
    met: Vec<usize>,
}

impl Grower {
    pub(super) fn new(assets: usize, limits: RequestLimits) -> Self {
        Self { limits, tally: vec![0; assets], met: Vec::new() }
    }

    /// Starts with all holders of an asset, and adds the asset that most of them need, again and again; the best
    /// request on this way is the answer.
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

    /// Adds what all the holders need, and names the asset that most of them need beside that, with their number.
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
