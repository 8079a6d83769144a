//! Who gains, who loses and who keeps a seat by a change, before it is applied.

use serde::{Deserialize, Serialize};

use super::{Difference, OutOfOrder, differences};

/// What a change does to the seats, computed by the same functions that will carry it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "a preview that nobody reads warns nobody"]
pub struct Preview<K> {
    /// Who gets a seat that he has not, ascending.
    pub gains: Vec<K>,
    /// Who loses the seat that he has, ascending.
    pub loses: Vec<K>,
    /// How many keep what they have.
    pub keeps: u64,
}

/// Compares the seats that are wanted before a change with those that are wanted after it. Both lists are sorted by
/// key and name each key once.
///
/// # Errors
///
/// [`OutOfOrder`] when a list is not sorted.
pub fn preview<K: Ord + Clone>(
    before: impl IntoIterator<Item = K>,
    after: impl IntoIterator<Item = K>,
) -> Result<Preview<K>, OutOfOrder> {
    let mut preview = Preview { gains: Vec::new(), loses: Vec::new(), keeps: 0 };
    let mut held: u64 = 0;
    let before = before.into_iter().inspect(|_| held = held.saturating_add(1));
    for difference in differences(after, before) {
        match difference? {
            Difference::Missing(key) => preview.gains.push(key),
            Difference::Surplus(key) => preview.loses.push(key),
        }
    }
    preview.keeps = held.saturating_sub(preview.loses.len() as u64);
    Ok(preview)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_as_gains_losses_and_what_stays() {
        let told = preview(["ada", "bob", "eve"], ["ada", "dan", "eve"]).unwrap();
        assert_eq!(told, Preview { gains: vec!["dan"], loses: vec!["bob"], keeps: 2 });
    }

    #[test]
    fn no_change_is_an_empty_preview() {
        let told = preview([1, 2], [1, 2]).unwrap();
        assert_eq!((told.gains.len(), told.loses.len(), told.keeps), (0, 0, 2));
        assert!(preview([2, 1], [1]).is_err());
    }
}
