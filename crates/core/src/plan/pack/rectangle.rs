//! A request in numbers: ids instead of keys.

/// Every asset for every holder. No two rectangles of a plan share a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rectangle {
    pub(super) assets: Vec<usize>,
    pub(super) holders: Vec<usize>,
}

impl Rectangle {
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
    /// Cuts the class into full requests and what remains of them, without regard to others.
    pub(super) fn cut(&self, most_assets: usize, most_holders: usize) -> impl Iterator<Item = Rectangle> {
        self.assets.chunks(most_assets.max(1)).flat_map(move |assets| {
            self.holders
                .chunks(most_holders.max(1))
                .map(|holders| Rectangle { assets: assets.to_vec(), holders: holders.to_vec() })
        })
    }
}
