//! The plan of an event: when it runs, in how many steps, and which tasks fail.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::time::Duration;

use crate::apple::{ErrorNumber, Holder};

/// The time at which an event is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventDelay {
    /// This long after its request. With zero it is finished before the request is answered.
    After(Duration),
    /// Never by itself: it is pending until a tester runs it with
    /// [`Simulator::run_event`](crate::Simulator::run_event).
    Never,
}

/// The plan of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventPlan {
    /// When it is finished. Default at once.
    pub delay: EventDelay,
    /// The number of steps of equal length, each doing an equal part of the work. Default 1: all of it at the end.
    pub steps: NonZeroU32,
    /// The time after the end of the event at which its changes are shown in assignments and in the counts of assets.
    /// Default zero.
    pub visible_after: Duration,
    /// The holders whose tasks fail, with the number.
    pub failing: BTreeMap<Holder, ErrorNumber>,
    /// The holders whose tasks are reported as done and do nothing.
    pub dropped: BTreeSet<Holder>,
    /// The number with which all tasks fail.
    pub all_fail: Option<ErrorNumber>,
}

impl EventPlan {
    /// At once, in one step, shown at once, without failures.
    pub fn usual() -> Self {
        Self {
            delay: EventDelay::After(Duration::ZERO),
            steps: NonZeroU32::MIN,
            visible_after: Duration::ZERO,
            failing: BTreeMap::new(),
            dropped: BTreeSet::new(),
            all_fail: None,
        }
    }

    /// Finished this long after its request.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = EventDelay::After(delay);
        self
    }

    /// Pending until a tester runs it.
    #[must_use]
    pub fn never(mut self) -> Self {
        self.delay = EventDelay::Never;
        self
    }

    /// In this number of steps.
    #[must_use]
    pub fn in_steps(mut self, steps: NonZeroU32) -> Self {
        self.steps = steps;
        self
    }

    /// Shown this long after it was finished.
    #[must_use]
    pub fn visible_after(mut self, lag: Duration) -> Self {
        self.visible_after = lag;
        self
    }

    /// With tasks that fail for this holder; for users' tasks, for the user.
    #[must_use]
    pub fn failing(mut self, holder: Holder, number: ErrorNumber) -> Self {
        self.failing.insert(holder, number);
        self
    }

    /// With tasks for this holder that are reported as done and do nothing.
    #[must_use]
    pub fn dropping(mut self, holder: Holder) -> Self {
        self.dropped.insert(holder);
        self
    }

    /// With all tasks failing.
    #[must_use]
    pub fn all_failing(mut self, number: ErrorNumber) -> Self {
        self.all_fail = Some(number);
        self
    }

    /// The number with which tasks of this holder fail without being tried.
    pub(crate) fn fails(&self, holder: &Holder) -> Option<ErrorNumber> {
        self.failing.get(holder).copied().or(self.all_fail)
    }

    pub(crate) fn drops(&self, holder: &Holder) -> bool {
        self.dropped.contains(holder)
    }
}

impl Default for EventPlan {
    fn default() -> Self {
        Self::usual()
    }
}
