//! Bad luck: what goes wrong between us and Apple, and how often. All of it is drawn from the seed of a world.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;

/// A source of random draws that gives the same draws for the same seed.
#[derive(Debug)]
pub struct Chance(Mutex<fastrand::Rng>);

impl Chance {
    /// The draws of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self(Mutex::new(fastrand::Rng::with_seed(seed)))
    }

    /// Draws a number below `end`; 0 when `end` is 0.
    pub fn below(&self, end: u64) -> u64 {
        let mut chance = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if end == 0 { 0 } else { chance.u64(0..end) }
    }

    /// Draws whether something happens that happens in `percent` of a hundred cases.
    pub fn percent(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Draws one item.
    pub fn one<'a, T>(&self, of: &'a [T]) -> Option<&'a T> {
        let n = usize::try_from(self.below(of.len() as u64)).unwrap_or_default();
        of.get(n)
    }

    /// Draws some items and keeps their order: each is taken with a probability of `percent`.
    pub fn some<T: Clone>(&self, of: &[T], percent: u64) -> Vec<T> {
        of.iter().filter(|_| self.percent(percent)).cloned().collect()
    }
}

/// Something that goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The request never reaches Apple.
    RequestLost,
    /// Apple carries out the request, and its answer is lost.
    AnswerLost,
    /// Apple carries out the request, and half of its answer arrives.
    AnswerCut,
    /// A gateway answers with an HTML page; Apple does nothing.
    Html,
    /// A gateway answers with status 503 and no body; Apple does nothing.
    Unavailable,
    /// Apple answers with error 9646 and status 429, and does nothing.
    RateLimited,
    /// Apple answers with error 9646 and a `Retry-After` of 7 seconds, and does nothing.
    RetryAfter,
}

impl Fault {
    /// All faults.
    pub const ALL: [Self; 7] = [
        Self::RequestLost,
        Self::AnswerLost,
        Self::AnswerCut,
        Self::Html,
        Self::Unavailable,
        Self::RateLimited,
        Self::RetryAfter,
    ];
}

/// The faults of a seed and their rates.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// The faults that can strike a request.
    pub of_requests: Vec<Fault>,
    /// How many of a hundred requests are struck.
    pub percent: u64,
    /// The longest time that a request or an answer travels, in milliseconds.
    pub latency: u64,
    /// In how many of a hundred calls of the store the process dies.
    pub crashes: u64,
    /// The longest time that an event takes at Apple, in seconds. Above ten minutes, some events run after the engine
    /// took them for lost, and in any order.
    pub event_seconds: u64,
    /// How far our clock is behind Apple's since it was set back.
    pub behind: TimeDelta,
    /// How many of a hundred notifications, test notifications included, do not arrive.
    pub notifications_lost: u64,
    /// How many of a hundred notifications arrive a second time, later.
    pub notifications_doubled: u64,
    /// How many of a hundred notifications are overtaken by later ones.
    pub notifications_late: u64,
}

impl Faults {
    /// No faults: short latencies and quick events.
    #[must_use]
    pub fn none() -> Self {
        Self { event_seconds: 2, latency: 300, ..Self::default() }
    }

    /// Draws the faults of a seed, with rates from zero to absurdly high ones.
    #[must_use]
    pub fn of(chance: &Chance) -> Self {
        let of_requests = chance.some(&Fault::ALL, 50);
        let one = |of: &[u64]| chance.one(of).copied().unwrap_or_default();
        Self {
            of_requests,
            percent: one(&[0, 5, 20, 40]),
            latency: one(&[1, 20, 300]),
            crashes: one(&[0, 0, 1, 3]),
            behind: TimeDelta::zero(),
            event_seconds: one(&[0, 2, 60, 700, 800]),
            notifications_lost: one(&[0, 0, 10, 50, 100]),
            notifications_doubled: one(&[0, 10, 50]),
            notifications_late: one(&[0, 10, 70]),
        }
    }
}
