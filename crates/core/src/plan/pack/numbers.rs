//! Numbers for keys: assets and holders become their positions in order, and pairs become classes of holders.

use std::{
    collections::BTreeMap,
    hash::{Hash, Hasher},
};

use super::classes::Class;
use crate::catalog::AssetKey;

/// Slots that are tried before a key goes to the overflow map. Ours: with at most half of the slots taken, 16 are
/// enough unless hashes collide on purpose.
const PROBES: usize = 16;

/// Returns the distinct keys in order, and for each of the given keys its position among them.
pub(super) fn numbered<'a, K: Ord + Hash>(keys: &[&'a K]) -> (Vec<&'a K>, Vec<usize>) {
    // Hashing is a pass of its own. Keys lie anywhere in memory, and this way the loads do not wait for each other.
    let hashes: Vec<u64> = keys.iter().map(|key| hash_of(*key)).collect();
    let mut met = Met::new();
    let mut numbers: Vec<usize> = keys.iter().zip(hashes).map(|(key, hash)| met.number(*key, hash)).collect();
    let (in_order, places) = met.in_order();
    for number in &mut numbers {
        *number = places.get(*number).copied().unwrap_or_default();
    }
    (in_order, numbers)
}

/// A hash table that numbers keys in the order in which they are met. There are millions of pairs but only thousands of
/// keys, so finding a known key has to be cheaper than comparing keys in a tree.
///
/// The hash is fixed, and no order depends on it, so the result is the same on every machine. Keys with colliding
/// hashes go to an overflow map, so an adversarial input is not slow.
struct Met<'a, K> {
    /// The keys and their hashes, by number.
    keys: Vec<(&'a K, u64)>,
    /// The slots, with the number of a key by its hash; at most half of them are taken.
    slots: Vec<Option<usize>>,
    /// The keys that found no slot.
    overflow: BTreeMap<&'a K, usize>,
}

impl<'a, K: Ord> Met<'a, K> {
    const fn new() -> Self {
        Self { keys: Vec::new(), slots: Vec::new(), overflow: BTreeMap::new() }
    }

    /// The number of a key, which is new if the key was not met before.
    fn number(&mut self, key: &'a K, hash: u64) -> usize {
        if self.keys.len().saturating_mul(2) >= self.slots.len() {
            self.grow();
        }
        for slot in probed(hash, self.slots.len()) {
            match self.slots.get(slot).copied().flatten() {
                Some(number) if self.keys.get(number).is_some_and(|met| met.1 == hash && met.0 == key) => {
                    return number;
                }
                Some(_) => {}
                None => {
                    let number = self.meet(key, hash);
                    if let Some(free) = self.slots.get_mut(slot) {
                        *free = Some(number);
                    }
                    return number;
                }
            }
        }
        if let Some(number) = self.overflow.get(key) {
            return *number;
        }
        let number = self.meet(key, hash);
        self.overflow.insert(key, number);
        number
    }

    /// Adds a key and returns its number.
    fn meet(&mut self, key: &'a K, hash: u64) -> usize {
        self.keys.push((key, hash));
        self.keys.len().saturating_sub(1)
    }

    /// Doubles the slots.
    fn grow(&mut self) {
        let size = self.slots.len().saturating_mul(2).max(64);
        self.slots = vec![None; size];
        self.overflow.clear();
        for (number, (key, hash)) in self.keys.iter().enumerate() {
            let is_free = |slot: &usize| self.slots.get(*slot).is_some_and(Option::is_none);
            let free = probed(*hash, size).find(is_free);
            match free.and_then(|slot| self.slots.get_mut(slot)) {
                Some(slot) => *slot = Some(number),
                None => {
                    self.overflow.insert(key, number);
                }
            }
        }
    }

    /// The keys in order, and for each number the position of its key among them.
    fn in_order(self) -> (Vec<&'a K>, Vec<usize>) {
        let mut keys: Vec<_> = self.keys.into_iter().map(|(key, _)| key).zip(0usize..).collect();
        keys.sort_unstable();
        let mut places = vec![0; keys.len()];
        for (place, (_, number)) in keys.iter().enumerate() {
            if let Some(slot) = places.get_mut(*number) {
                *slot = place;
            }
        }
        (keys.into_iter().map(|(key, _)| key).collect(), places)
    }
}

/// The slots that are tried for a hash. `size` is a power of two.
fn probed(hash: u64, size: usize) -> impl Iterator<Item = usize> {
    let mask = size.wrapping_sub(1);
    // The low 32 bits fit into a `usize` on every machine, so the slots are the same on all.
    let start = (hash & u64::from(u32::MAX)) as usize;
    (0..PROBES).map(move |probe| start.wrapping_add(probe) & mask)
}

/// The hash of a key. The seed is that of FNV-1a; any number with mixed bits would do.
fn hash_of(key: &impl Hash) -> u64 {
    let mut hasher = Folded(0xcbf2_9ce4_8422_2325);
    key.hash(&mut hasher);
    hasher.finish()
}

/// A fixed hash of eight bytes at a time: a product of 128 bits whose halves are combined with exclusive or.
struct Folded(u64);

impl Folded {
    /// The fraction of the golden ratio in 64 bits: an odd number whose bits have no pattern.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

    fn add(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word).wrapping_mul(u128::from(Self::FACTOR));
        self.0 = (product ^ (product >> 64)) as u64;
    }
}

impl Hasher for Folded {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.add(u64::from(*byte));
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The needed pairs in numbers.
pub(super) struct Interned<'a, H> {
    /// The assets in order; the number of an asset is its position.
    pub(super) assets: Vec<&'a AssetKey>,
    /// The holders in order.
    pub(super) holders: Vec<&'a H>,
    /// The classes of holders that need the same assets, in the order of the assets.
    pub(super) classes: Vec<Class>,
}

impl<'a, H: Ord + Hash> Interned<'a, H> {
    pub(super) fn read(pairs: impl IntoIterator<Item = (&'a AssetKey, &'a H)>) -> Self {
        let (assets, holders): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        let (assets, asset_of) = numbered(&assets);
        let (holders, holder_of) = numbered(&holders);
        let classes = classes(&asset_of, &holder_of, holders.len());
        Self { assets, holders, classes }
    }
}

/// Groups holders by the assets that they need. The two lists are the two sides of the pairs.
fn classes(asset_of: &[usize], holder_of: &[usize], holders: usize) -> Vec<Class> {
    let rows = rows(asset_of, holder_of, holders);
    let mut rest = rows.assets.as_slice();
    let mut by_set: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    let mut row = Vec::new();
    for (holder, length) in rows.lengths.into_iter().enumerate() {
        let Some((of_holder, others)) = rest.split_at_checked(length) else { break };
        rest = others;
        row.clear();
        row.extend_from_slice(of_holder);
        row.sort_unstable();
        row.dedup();
        match by_set.get_mut(&row) {
            Some(class) => class.push(holder),
            None => {
                by_set.insert(row.clone(), vec![holder]);
            }
        }
    }
    by_set.into_iter().map(|(assets, holders)| Class { assets, holders }).collect()
}

/// The assets of each holder, one holder after the other in one list.
struct Rows {
    assets: Vec<usize>,
    lengths: Vec<usize>,
}

/// Sorts the pairs by holder with a counting sort, which is linear and allocates two lists in all.
fn rows(asset_of: &[usize], holder_of: &[usize], holders: usize) -> Rows {
    let mut lengths = vec![0usize; holders];
    for holder in holder_of {
        if let Some(length) = lengths.get_mut(*holder) {
            *length = length.saturating_add(1);
        }
    }
    let mut ends = 0usize;
    let start_of = |length: &usize| {
        let start = ends;
        ends = ends.saturating_add(*length);
        start
    };
    let mut next: Vec<usize> = lengths.iter().map(start_of).collect();
    let mut assets = vec![0; asset_of.len()];
    for (asset, holder) in asset_of.iter().zip(holder_of) {
        if let Some(next) = next.get_mut(*holder) {
            if let Some(slot) = assets.get_mut(*next) {
                *slot = *asset;
            }
            *next = next.saturating_add(1);
        }
    }
    Rows { assets, lengths }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key whose hash is the same as that of every other.
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    struct Alike(usize);

    impl Hash for Alike {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }

    #[test]
    fn keys_that_the_hash_does_not_tell_apart_have_numbers_of_their_own() {
        let keys: Vec<Alike> = (0..500).rev().map(Alike).collect();
        let twice: Vec<&Alike> = keys.iter().chain(&keys).collect();
        let (in_order, numbers) = numbered(&twice);
        assert!(in_order.iter().map(|key| key.0).eq(0..500));
        assert!(numbers.into_iter().eq((0..500).rev().chain((0..500).rev())));
    }

    #[test]
    fn keys_are_found_again_while_the_table_grows() {
        let keys: Vec<String> = (0..10_000).map(|n| format!("C02{n}")).collect();
        let mut met = Met::new();
        for (number, key) in keys.iter().enumerate() {
            assert_eq!(met.number(key, hash_of(key)), number);
            assert_eq!(met.number(&keys[number / 2], hash_of(&keys[number / 2])), number / 2);
        }
        assert!(met.overflow.len() < 100, "{}", met.overflow.len());
    }
}
