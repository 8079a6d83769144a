//! From keys to small numbers: the order of the numbers is the order of the keys.

use std::{cmp::Ordering, collections::BTreeMap};

use super::{AssetKey, rectangle::Class};

/// The pairs in numbers.
pub(super) struct Interned<'a, H> {
    /// The assets, in order; an asset's number is its place.
    pub(super) assets: Vec<&'a AssetKey>,
    /// The holders, in order.
    pub(super) holders: Vec<&'a H>,
    /// The holders by what they need, in order, without duplicates.
    pub(super) classes: Vec<Class>,
}

impl<'a, H: Ord> Interned<'a, H> {
    pub(super) fn read(pairs: impl IntoIterator<Item = (&'a AssetKey, &'a H)>) -> Self {
        let (mut assets, mut holders) = (Numbers::new(), Numbers::new());
        let met: Vec<(usize, usize)> =
            pairs.into_iter().map(|(asset, holder)| (assets.number(asset), holders.number(holder))).collect();
        let (assets, place_of_asset) = assets.in_order();
        let (holders, place_of_holder) = holders.in_order();
        let mut rows = vec![Vec::new(); holders.len()];
        for (asset, holder) in met {
            let place = place_of_holder.get(holder).and_then(|place| rows.get_mut(*place));
            if let (Some(row), Some(asset)) = (place, place_of_asset.get(asset)) {
                row.push(*asset);
            }
        }
        Self { assets, holders, classes: classes(rows) }
    }
}

/// Groups holders, given what each of them needs.
fn classes(rows: Vec<Vec<usize>>) -> Vec<Class> {
    let mut by_set: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for (holder, mut row) in rows.into_iter().enumerate() {
        row.sort_unstable();
        row.dedup();
        by_set.entry(row).or_default().push(holder);
    }
    by_set.into_iter().map(|(assets, holders)| Class { assets, holders }).collect()
}

/// Numbers in the order in which keys are met.
struct Numbers<'a, K> {
    known: BTreeMap<&'a K, usize>,
    met: Vec<&'a K>,
    /// Which key followed a key when it was last met. Rows mostly come in the same order again and again, which
    /// spares the search.
    followed_by: Vec<usize>,
    last: usize,
}

impl<'a, K: Ord> Numbers<'a, K> {
    const fn new() -> Self {
        Self { known: BTreeMap::new(), met: Vec::new(), followed_by: Vec::new(), last: 0 }
    }

    fn number(&mut self, key: &'a K) -> usize {
        let is = |number: usize| self.met.get(number).is_some_and(|met| met.cmp(&key) == Ordering::Equal);
        if is(self.last) {
            return self.last;
        }
        let guess = self.followed_by.get(self.last).copied();
        let number = guess.filter(|guess| is(*guess)).unwrap_or_else(|| self.search(key));
        if let Some(followed_by) = self.followed_by.get_mut(self.last) {
            *followed_by = number;
        }
        self.last = number;
        number
    }

    fn search(&mut self, key: &'a K) -> usize {
        let next = self.met.len();
        let number = *self.known.entry(key).or_insert(next);
        if number == next {
            self.met.push(key);
            self.followed_by.push(next);
        }
        number
    }

    /// The keys in order, and for each number the place of its key.
    fn in_order(self) -> (Vec<&'a K>, Vec<usize>) {
        let mut places = vec![0; self.met.len()];
        let mut keys = Vec::with_capacity(self.met.len());
        for (place, (key, number)) in self.known.into_iter().enumerate() {
            keys.push(key);
            if let Some(slot) = places.get_mut(number) {
                *slot = place;
            }
        }
        (keys, places)
    }
}
