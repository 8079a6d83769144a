//! What goes wrong between us and Apple, and how often. Each seed draws which faults exist.

use chrono::TimeDelta;

use crate::Chance;

/// Something that goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The request never arrives.
    RequestLost,
    /// Apple does it, and the answer never arrives.
    AnswerLost,
    /// Apple does it, and half of the answer arrives.
    AnswerCut,
    /// A page for people instead of an answer; nothing is done.
    Html,
    /// Status 503 without a body of Apple's; nothing is done.
    Unavailable,
    /// Error 9646 with status 429; nothing is done.
    RateLimited,
    /// Error 9646 with a `Retry-After` of some seconds.
    RetryAfter,
}

impl Fault {
    /// All of them.
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

/// The faults of a seed.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// Those that exist.
    pub of_requests: Vec<Fault>,
    /// How often in a hundred requests.
    pub percent: u64,
    /// Up to so many milliseconds a request or an answer is under way.
    pub latency: u64,
    /// How often in a hundred calls of the store the process dies.
    pub crashes: u64,
    /// Up to so many seconds an event takes at Apple: with more than ten minutes, some run after they were taken for
    /// lost, and in any order.
    pub event_seconds: u64,
    /// By how much our clock is behind Apple's, since it was set back.
    pub behind: TimeDelta,
    /// How often in a hundred a notification, or Apple's test of one, does not arrive.
    pub notifications_lost: u64,
    /// How often in a hundred a notification comes again, later.
    pub notifications_doubled: u64,
    /// How often in a hundred a notification lets others go first.
    pub notifications_late: u64,
}

impl Faults {
    /// Nothing goes wrong.
    #[must_use]
    pub fn none() -> Self {
        Self { event_seconds: 2, latency: 300, ..Self::default() }
    }

    /// What goes wrong in the story of a seed: from never to absurdly often.
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
