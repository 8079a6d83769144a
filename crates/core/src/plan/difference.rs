//! Differences: what is only in one of two sorted lists.

use std::{cmp::Ordering, iter::Peekable};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One difference between a list of what is desired and a list of what was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "key", rename_all = "snake_case", deny_unknown_fields)]
pub enum Difference<K> {
    /// Desired but not observed: to be assigned.
    Missing(K),
    /// Observed but not desired: to be released.
    Surplus(K),
}

/// The refusal of a list that is not sorted or holds a key twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the {list} list is not in ascending order at entry {at}: sort it by key and list each key once")]
pub struct OutOfOrder {
    /// The list: `desired` or `observed`.
    pub list: &'static str,
    /// The position of the entry, counted from 0.
    pub at: usize,
}

impl OutOfOrder {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "out_of_order"
    }
}

/// Returns the differences between two lists that are sorted by key, in the order of the keys.
///
/// Only the next key of each list is kept, so two lists of a million seats take no memory beside the answer. A key in
/// both lists is no difference.
///
/// ```
/// use mdm_vpp_core::plan::{Difference, differences};
///
/// let (desired, observed) = ([1, 2, 4], [2, 3, 4]);
/// let found: Result<Vec<_>, _> = differences(desired, observed).collect();
/// assert_eq!(found, Ok(vec![Difference::Missing(1), Difference::Surplus(3)]));
/// ```
///
/// The iterator yields [`OutOfOrder`] and ends when a list is not sorted, because a plan made from it would revoke
/// desired seats. The error may follow differences that are wrong because of the wrong order. So collect all of them
/// before acting on any, or use [`all_differences`].
pub fn differences<K: Ord + Clone>(
    desired: impl IntoIterator<Item = K>,
    observed: impl IntoIterator<Item = K>,
) -> impl Iterator<Item = Result<Difference<K>, OutOfOrder>> {
    let mut desired = Ascending::new("desired", desired.into_iter());
    let mut observed = Ascending::new("observed", observed.into_iter());
    let mut broken = false;
    std::iter::from_fn(move || {
        while !broken {
            let step = step(&mut desired, &mut observed);
            broken = matches!(step, Ok(Step::End) | Err(_));
            match step {
                Ok(Step::Same) => {}
                Ok(Step::End) => return None,
                Ok(Step::Differs(difference)) => return Some(Ok(difference)),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    })
}

/// Returns all [`differences`] at once, or none when a list is not sorted.
///
/// # Errors
///
/// [`OutOfOrder`] names the first entry that is out of order.
pub fn all_differences<K: Ord + Clone>(
    desired: impl IntoIterator<Item = K>,
    observed: impl IntoIterator<Item = K>,
) -> Result<Vec<Difference<K>>, OutOfOrder> {
    differences(desired, observed).collect()
}

/// The comparison of the two next keys.
enum Step<K> {
    Same,
    Differs(Difference<K>),
    End,
}

/// Takes the smaller of the two next keys, or both when they are equal.
fn step<K: Ord + Clone, D: Iterator<Item = K>, O: Iterator<Item = K>>(
    desired: &mut Ascending<D>,
    observed: &mut Ascending<O>,
) -> Result<Step<K>, OutOfOrder> {
    let order = match (desired.keys.peek(), observed.keys.peek()) {
        (None, None) => return Ok(Step::End),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (Some(wanted), Some(present)) => wanted.cmp(present),
    };
    let wanted = if order.is_le() { desired.next()? } else { None };
    let present = if order.is_ge() { observed.next()? } else { None };
    Ok(match (wanted, present) {
        (Some(wanted), None) => Step::Differs(Difference::Missing(wanted)),
        (None, Some(present)) => Step::Differs(Difference::Surplus(present)),
        _ => Step::Same,
    })
}

/// A list whose order is checked as it is read.
struct Ascending<I: Iterator> {
    list: &'static str,
    keys: Peekable<I>,
    at: usize,
}

impl<K: Ord + Clone, I: Iterator<Item = K>> Ascending<I> {
    fn new(list: &'static str, keys: I) -> Self {
        Self { list, keys: keys.peekable(), at: 0 }
    }

    /// The next key; an error when the key after it is not greater.
    fn next(&mut self) -> Result<Option<K>, OutOfOrder> {
        let Some(key) = self.keys.next() else { return Ok(None) };
        self.at = self.at.saturating_add(1);
        match self.keys.peek() {
            Some(following) if following <= &key => Err(OutOfOrder { list: self.list, at: self.at }),
            _ => Ok(Some(key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn all(desired: &[u32], observed: &[u32]) -> Result<Vec<Difference<u32>>, OutOfOrder> {
        differences(desired.iter().copied(), observed.iter().copied()).collect()
    }

    #[test]
    fn a_list_that_is_not_sorted_is_refused_with_its_name_and_position() {
        assert_eq!(all(&[1, 3, 2], &[]), Err(OutOfOrder { list: "desired", at: 2 }));
        assert_eq!(all(&[1], &[5, 5]), Err(OutOfOrder { list: "observed", at: 1 }));
    }

    #[test]
    fn an_error_may_follow_wrong_differences_so_all_differences_gives_all_or_none() {
        let (desired, observed) = ([1, 5, 3], [3, 5]);
        assert_eq!(differences(desired, observed).nth(1), Some(Ok(Difference::Surplus(3))), "3 is wanted");
        assert_eq!(all_differences(desired, observed), Err(OutOfOrder { list: "desired", at: 2 }));
        assert_eq!(all_differences([1, 3, 5], observed), Ok(vec![Difference::Missing(1)]));
    }

    #[test]
    fn after_an_error_nothing_more_comes() {
        let mut found = differences([2, 1, 7, 8], [0; 0]);
        assert!(matches!(found.next(), Some(Err(_))));
        assert_eq!(found.next(), None);
    }

    proptest! {
        #[test]
        fn the_differences_are_those_of_the_sets_and_applying_them_leaves_none(
            desired in prop::collection::btree_set(0u32..40, 0..30),
            observed in prop::collection::btree_set(0u32..40, 0..30),
        ) {
            let found: Vec<_> =
                differences(desired.iter().copied(), observed.iter().copied()).collect::<Result<_, _>>().unwrap();
            let mut applied = observed;
            for difference in &found {
                match difference {
                    Difference::Missing(key) => prop_assert!(applied.insert(*key)),
                    Difference::Surplus(key) => prop_assert!(applied.remove(key)),
                }
            }
            prop_assert_eq!(&applied, &desired);
            let keys: Vec<u32> = found
                .iter()
                .map(|difference| match difference { Difference::Missing(key) | Difference::Surplus(key) => *key })
                .collect();
            let sorted: BTreeSet<u32> = keys.iter().copied().collect();
            prop_assert_eq!(keys, sorted.into_iter().collect::<Vec<_>>());
        }
    }
}
