//! A number for each key, in the order in which keys are met.

use std::{
    collections::BTreeMap,
    hash::{Hash, Hasher},
};

/// How many places are looked at before a key counts as crowded out.
const PROBES: usize = 16;

/// Keys and their numbers. Pairs come in millions and keys in thousands, so a key is found by its hash; the hash is
/// fixed and decides no order, and keys that it crowds together are found by comparing, so none is slow.
pub(super) struct Numbers<'a, K> {
    /// The keys and their hashes, by number.
    met: Vec<(&'a K, u64)>,
    /// Numbers by hash; at most half of the places are taken.
    places: Vec<Option<usize>>,
    crowded_out: BTreeMap<&'a K, usize>,
    last: usize,
}

impl<'a, K: Ord + Hash> Numbers<'a, K> {
    pub(super) const fn new() -> Self {
        Self { met: Vec::new(), places: Vec::new(), crowded_out: BTreeMap::new(), last: 0 }
    }

    /// The number of a key; a new one if it was not met before.
    pub(super) fn number(&mut self, key: &'a K) -> usize {
        if self.met.get(self.last).is_none_or(|(met, _)| *met != key) {
            self.last = self.search(key);
        }
        self.last
    }

    fn search(&mut self, key: &'a K) -> usize {
        if self.met.len().saturating_mul(2) >= self.places.len() {
            self.grow();
        }
        let hash = hash_of(key);
        for place in probed(hash, self.places.len()) {
            match self.places.get(place).copied().flatten() {
                Some(number) if self.met.get(number).is_some_and(|met| met.1 == hash && met.0 == key) => {
                    return number;
                }
                Some(_) => {}
                None => {
                    let number = self.meet(key, hash);
                    if let Some(free) = self.places.get_mut(place) {
                        *free = Some(number);
                    }
                    return number;
                }
            }
        }
        if let Some(number) = self.crowded_out.get(key) {
            return *number;
        }
        let number = self.meet(key, hash);
        self.crowded_out.insert(key, number);
        number
    }

    fn meet(&mut self, key: &'a K, hash: u64) -> usize {
        self.met.push((key, hash));
        self.met.len().saturating_sub(1)
    }

    fn grow(&mut self) {
        let size = self.places.len().saturating_mul(2).max(64);
        self.places = vec![None; size];
        self.crowded_out.clear();
        for (number, (key, hash)) in self.met.iter().enumerate() {
            let is_free = |place: &usize| self.places.get(*place).is_some_and(Option::is_none);
            let free = probed(*hash, size).find(is_free);
            match free.and_then(|place| self.places.get_mut(place)) {
                Some(place) => *place = Some(number),
                None => {
                    self.crowded_out.insert(key, number);
                }
            }
        }
    }

    /// The keys in order, and for each number the place of its key among them.
    pub(super) fn in_order(self) -> (Vec<&'a K>, Vec<usize>) {
        let mut keys: Vec<_> = self.met.into_iter().map(|(key, _)| key).zip(0usize..).collect();
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

/// The places at which a hash is looked for. `size` is a power of two.
fn probed(hash: u64, size: usize) -> impl Iterator<Item = usize> {
    let mask = size.wrapping_sub(1);
    // Only the low bits count, and they are the same on every machine.
    let start = (hash & u64::from(u32::MAX)) as usize;
    (0..PROBES).map(move |probe| start.wrapping_add(probe) & mask)
}

fn hash_of(key: &impl Hash) -> u64 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    key.hash(&mut hasher);
    hasher.finish()
}

/// FNV-1a with 64 bits.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key whose hash says nothing.
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    struct Alike(usize);

    impl Hash for Alike {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }

    #[test]
    fn keys_that_the_hash_does_not_tell_apart_have_numbers_of_their_own() {
        let keys: Vec<Alike> = (0..500).rev().map(Alike).collect();
        let mut numbers = Numbers::new();
        for _ in 0..2 {
            for (place, key) in keys.iter().enumerate() {
                assert_eq!(numbers.number(key), place);
            }
        }
        let (in_order, places) = numbers.in_order();
        assert!(in_order.iter().map(|key| key.0).eq(0..500));
        assert!(places.into_iter().eq((0..500).rev()));
    }

    #[test]
    fn keys_are_found_again_while_the_table_grows() {
        let keys: Vec<String> = (0..10_000).map(|n| format!("C02{n}")).collect();
        let mut numbers = Numbers::new();
        for (place, key) in keys.iter().enumerate() {
            assert_eq!(numbers.number(key), place);
            assert_eq!(numbers.number(&keys[place / 2]), place / 2);
        }
        assert!(numbers.crowded_out.len() < 100, "{}", numbers.crowded_out.len());
    }
}
