//! The two collections that lists are made of: `History` knows what changed since a version, `Roll` removes in constant
//! time.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::Hash;

use crate::apple::VersionId;

/// The versions of a list, and what changed from one to the next. Changes that are too old are forgotten, and with them
/// the versions before.
#[derive(Clone, Debug)]
pub(crate) struct History<T> {
    current: VersionId,
    known: BTreeSet<VersionId>,
    changes: VecDeque<(VersionId, T)>,
}

impl<T> History<T> {
    pub(crate) fn starting_at(version: VersionId) -> Self {
        Self { current: version, known: BTreeSet::from([version]), changes: VecDeque::new() }
    }

    pub(crate) fn current(&self) -> VersionId {
        self.current
    }

    /// Records a new version with the entries that it touched.
    pub(crate) fn record(
        &mut self,
        version: VersionId,
        touched: impl IntoIterator<Item = T>,
        most_kept: usize,
    ) {
        self.current = version;
        self.known.insert(version);
        let mut forgotten = None;
        for entry in touched {
            self.changes.push_back((version, entry));
            if self.changes.len() > most_kept {
                forgotten = self.changes.pop_front().map(|(version, _)| version);
            }
        }
        if let Some(forgotten) = forgotten {
            self.known = self.known.split_off(&forgotten);
        }
    }

    /// The entries touched after a version, oldest first and as often as they were; `None` when the version is unknown.
    pub(crate) fn since(&self, version: VersionId) -> Option<impl Iterator<Item = &T>> {
        if !self.known.contains(&version) {
            return None;
        }
        let first = self.changes.partition_point(|(of, _)| *of <= version);
        Some(self.changes.range(first..).map(|(_, entry)| entry))
    }

    /// Forgets all versions but the current one.
    pub(crate) fn forget(&mut self) {
        self.changes.clear();
        self.known = BTreeSet::from([self.current]);
    }
}

/// Entries without repetition. An entry is added at the end, and the last one takes the place of one that is removed,
/// so adding, finding and removing take constant time. Any stretch of the list can be read at once, as pages need it.
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
    /// Adds an entry at the end. Whether it was not there before.
    pub(crate) fn add(&mut self, entry: T) -> bool {
        let Entry::Vacant(place) = self.places.entry(entry) else { return false };
        self.entries.push(place.key().clone());
        place.insert(self.entries.len().saturating_sub(1));
        true
    }

    /// Removes an entry. Whether it was there.
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
    use super::*;

    #[test]
    fn a_version_is_known_while_all_changes_after_it_are() {
        let mut history = History::starting_at(VersionId(1));
        history.record(VersionId(3), ['a', 'b'], 3);
        history.record(VersionId(5), ['c'], 3);
        let since = |history: &History<char>, n| history.since(VersionId(n)).map(|c| c.collect::<String>());
        assert_eq!(since(&history, 1).as_deref(), Some("abc"));
        assert_eq!((since(&history, 2), since(&history, 5).as_deref()), (None, Some("")));
        history.record(VersionId(6), ['d'], 3);
        assert_eq!((since(&history, 1), since(&history, 3).as_deref()), (None, Some("cd")));
        history.forget();
        assert_eq!((since(&history, 3), since(&history, 6).as_deref()), (None, Some("")));
    }

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
