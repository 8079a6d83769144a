//! How an event is to run: when, in how many steps, and what goes wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::time::Duration;

use crate::apple::{ErrorNumber, Holder};

/// When an event runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventDelay {
    /// This long after its request. With zero it is finished before the request is answered.
    After(Duration),
    /// Never by itself: it is pending until somebody runs it with [`Simulator::run_event`](crate::Simulator::run_event).
    Never,
}

/// How an event is to run.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventPlan {
    /// When it is finished. Default at once.
    pub delay: EventDelay,
    /// In how many steps of equal length, each doing an equal part of the work. Default 1: all of it at the end.
    pub steps: NonZeroU32,
    /// How long after the event was finished its changes are shown in assignments and in the counts of assets. Default
    /// at once.
    pub visible_after: Duration,
    /// Whose tasks fail, and with which number.
    pub failing: BTreeMap<Holder, ErrorNumber>,
    /// Whose tasks are reported as done and do nothing.
    pub dropped: BTreeSet<Holder>,
    /// The number with which all tasks fail.
    pub all_fail: Option<ErrorNumber>,
}

impl EventPlan {
    /// At once, in one step, shown at once, and nothing goes wrong.
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

    /// Pending until somebody runs it.
    #[must_use]
    pub fn never(mut self) -> Self {
        self.delay = EventDelay::Never;
        self
    }

    /// In so many steps.
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

    /// The number with which a task of this holder fails before it is tried.
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
