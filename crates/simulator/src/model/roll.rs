//! A list in which finding, adding and removing take the same short time however long it is.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

/// Entries without repetition, in an order that only acts change: an entry is added at the end, and the last one takes
/// the place of one that goes. Any stretch of the list can be read at once, which is what a page needs.
#[derive(Clone, Debug)]
pub(crate) struct Roll<T> {
    entries: Vec<T>,
    places: HashMap<T, usize>,
}

impl<T> Default for Roll<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Roll<T> {
    /// Whether the entry was not there before.
    pub(crate) fn add(&mut self, entry: T) -> bool {
        let Entry::Vacant(place) = self.places.entry(entry) else { return false };
        self.entries.push(place.key().clone());
        place.insert(self.entries.len().saturating_sub(1));
        true
    }

    /// Whether the entry was there.
    pub(crate) fn remove(&mut self, entry: &T) -> bool {
        let Some(place) = self.places.remove(entry) else { return false };
        self.entries.swap_remove(place);
        if let Some(moved) = self.entries.get(place)
            && let Some(its) = self.places.get_mut(moved)
        {
            *its = place;
        }
        true
    }

    pub(crate) fn contains(&self, entry: &T) -> bool {
        self.places.contains_key(entry)
    }

    pub(crate) fn entries(&self) -> &[T] {
        &self.entries
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Roll;

    #[test]
    fn the_last_entry_takes_the_place_of_one_that_goes() {
        let mut roll = Roll::default();
        assert!("abcd".chars().all(|c| roll.add(c)));
        assert!(!roll.add('b'));
        assert!(roll.remove(&'b') && !roll.remove(&'b'));
        assert_eq!(roll.entries(), ['a', 'd', 'c']);
        assert!(roll.remove(&'d') && roll.remove(&'c'));
        assert!(roll.contains(&'a') && roll.len() == 1);
    }
}
