//! Bad luck, drawn from a seed.

use std::sync::{Mutex, PoisonError};

/// A source of chance that gives the same for the same seed.
#[derive(Debug)]
pub struct Chance(Mutex<fastrand::Rng>);

impl Chance {
    /// The chance of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self(Mutex::new(fastrand::Rng::with_seed(seed)))
    }

    /// A number below `end`; 0 when that is 0.
    pub fn below(&self, end: u64) -> u64 {
        let mut chance = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if end == 0 { 0 } else { chance.u64(0..end) }
    }

    /// Whether something happens that happens so often in a hundred.
    pub fn percent(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of some things.
    pub fn one<'a, T>(&self, of: &'a [T]) -> Option<&'a T> {
        let n = usize::try_from(self.below(of.len() as u64)).unwrap_or_default();
        of.get(n)
    }

    /// Some of these, in order.
    pub fn some<T: Clone>(&self, of: &[T], percent: u64) -> Vec<T> {
        of.iter().filter(|_| self.percent(percent)).cloned().collect()
    }
}
