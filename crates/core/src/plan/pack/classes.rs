//! Classes of holders that need the same assets, and the table of the pairs that are not covered yet.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::limits::RequestLimits;

/// The pairs that are not covered yet, as classes that shrink as rectangles are taken out. A class keeps its number
/// also when it has no holders left.
pub(super) struct Classes {
    limits: RequestLimits,
    list: Vec<Class>,
    /// The number of the class with these assets.
    by_set: BTreeMap<Vec<usize>, usize>,
    /// For each asset the classes that need it.
    of_asset: Vec<Vec<usize>>,
    /// For each asset the number of its uncovered pairs.
    degree: Vec<usize>,
    /// The classes that have holders, by the area of the largest request within the class, largest first.
    by_area: BTreeSet<(Reverse<usize>, usize)>,
}

impl Classes {
    pub(super) fn new(classes: &[Class], assets: usize, limits: RequestLimits) -> Self {
        let mut table = Self {
            limits,
            list: Vec::new(),
            by_set: BTreeMap::new(),
            of_asset: vec![Vec::new(); assets],
            degree: vec![0; assets],
            by_area: BTreeSet::new(),
        };
        for class in classes {
            table.add(class.assets.clone(), class.holders.clone());
            table.count(&class.assets, class.holders.len(), usize::saturating_add);
        }
        table
    }

    pub(super) fn class(&self, number: usize) -> Option<&Class> {
        self.list.get(number)
    }

    /// The classes that need an asset, including those that have no holders left.
    pub(super) fn of_asset(&self, asset: usize) -> &[usize] {
        self.of_asset.get(asset).map_or(&[], Vec::as_slice)
    }

    /// The number of uncovered pairs of an asset.
    pub(super) fn degree(&self, asset: usize) -> usize {
        self.degree.get(asset).copied().unwrap_or_default()
    }

    /// The area of the largest request within one class, and the number of that class.
    pub(super) fn largest(&self) -> Option<(usize, usize)> {
        self.by_area.first().map(|(Reverse(area), number)| (*area, *number))
    }

    /// The classes that have holders left.
    pub(super) fn rest(&self) -> impl Iterator<Item = &Class> {
        self.list.iter().filter(|class| !class.holders.is_empty())
    }

    /// Takes a rectangle of these assets out of these classes, in this order, up to the limit of holders. Every class
    /// must need all of the assets.
    pub(super) fn take(&mut self, assets: Vec<usize>, from: &[usize]) -> Rectangle {
        let mut holders = Vec::new();
        for number in from {
            let room = self.limits.most_holders().saturating_sub(holders.len());
            if room == 0 {
                break;
            }
            holders.extend(self.take_from(*number, &assets, room));
        }
        self.count(&assets, holders.len(), usize::saturating_sub);
        Rectangle { assets, holders }
    }

    /// Takes the assets from at most `room` holders of a class. These holders join the class of what they still need.
    fn take_from(&mut self, number: usize, assets: &[usize], room: usize) -> Vec<usize> {
        let Some(class) = self.list.get_mut(number) else { return Vec::new() };
        self.by_area.remove(&key(self.limits, class, number));
        let taken = class.holders.split_off(class.holders.len().saturating_sub(room));
        if !class.holders.is_empty() {
            self.by_area.insert(key(self.limits, class, number));
        }
        let rest: Vec<usize> = without(&class.assets, assets);
        self.add(rest, taken.clone());
        taken
    }

    /// Adds holders to the class with these assets.
    fn add(&mut self, assets: Vec<usize>, mut holders: Vec<usize>) {
        if assets.is_empty() || holders.is_empty() {
            return;
        }
        let number = match self.by_set.get(&assets) {
            Some(number) => *number,
            None => self.begin(assets),
        };
        if let Some(class) = self.list.get_mut(number) {
            self.by_area.remove(&key(self.limits, class, number));
            class.holders.append(&mut holders);
            self.by_area.insert(key(self.limits, class, number));
        }
    }

    /// Makes a new class without holders.
    fn begin(&mut self, assets: Vec<usize>) -> usize {
        let number = self.list.len();
        for asset in &assets {
            if let Some(classes) = self.of_asset.get_mut(*asset) {
                classes.push(number);
            }
        }
        self.by_set.insert(assets.clone(), number);
        self.list.push(Class { assets, holders: Vec::new() });
        number
    }

    /// Changes the number of uncovered pairs of these assets.
    fn count(&mut self, assets: &[usize], holders: usize, change: fn(usize, usize) -> usize) {
        for asset in assets {
            if let Some(degree) = self.degree.get_mut(*asset) {
                *degree = change(*degree, holders);
            }
        }
    }
}

/// The place of a class in [`Classes::by_area`].
fn key(limits: RequestLimits, class: &Class, number: usize) -> (Reverse<usize>, usize) {
    (Reverse(limits.area(class.assets.len(), class.holders.len())), number)
}

/// The entries of a sorted list that are not in another sorted list.
fn without(all: &[usize], taken: &[usize]) -> Vec<usize> {
    all.iter().filter(|asset| taken.binary_search(asset).is_err()).copied().collect()
}

/// A request in numbers instead of keys: every asset for every holder. No two rectangles of a plan share a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rectangle {
    pub(super) assets: Vec<usize>,
    pub(super) holders: Vec<usize>,
}

impl Rectangle {
    /// The number of pairs that it covers.
    pub(super) fn area(&self) -> usize {
        self.assets.len().saturating_mul(self.holders.len())
    }
}

/// Holders that need exactly the same assets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) assets: Vec<usize>,
    pub(super) holders: Vec<usize>,
}

impl Class {
    /// Cuts the class into full requests and a rest, without regard to other classes.
    pub(super) fn cut(&self, most_assets: usize, most_holders: usize) -> impl Iterator<Item = Rectangle> {
        self.assets.chunks(most_assets.max(1)).flat_map(move |assets| {
            self.holders
                .chunks(most_holders.max(1))
                .map(|holders| Rectangle { assets: assets.to_vec(), holders: holders.to_vec() })
        })
    }
}
