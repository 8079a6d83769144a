//! Growing a request from one asset: which other assets do the same holders need?

use super::{classes::Classes, limits::RequestLimits};

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
