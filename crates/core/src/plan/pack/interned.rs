//! From keys to small numbers: the order of the numbers is the order of the keys.

use std::{collections::BTreeMap, hash::Hash};

use super::{numbers::numbered, rectangle::Class};
use crate::catalog::AssetKey;

/// The pairs in numbers.
pub(super) struct Interned<'a, H> {
    /// The assets, in order; an asset's number is its place.
    pub(super) assets: Vec<&'a AssetKey>,
    /// The holders, in order.
    pub(super) holders: Vec<&'a H>,
    /// The holders by what they need, in order, without duplicates.
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

/// Groups holders by what they need. The two lists are the sides of the pairs.
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

/// The assets of each holder, laid end to end.
struct Rows {
    assets: Vec<usize>,
    lengths: Vec<usize>,
}

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
