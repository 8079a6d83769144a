//! The versions of a list, and what changed from one to the next.

use std::collections::{BTreeSet, VecDeque};

use super::ids::VersionId;

/// What changed in a list and when. Changes that are too old are forgotten, and with them the versions before.
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

    /// A new version, with what it touched.
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

    /// What was touched after a version, oldest first and as often as it was; `None` when the version is not known.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_known_as_long_as_everything_after_it_is() {
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
}
