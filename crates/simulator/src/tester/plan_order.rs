//! How an event is to run, as a tester writes it.

use std::num::NonZeroU32;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error_number::ErrorNumber;
use crate::model::{EventDelay, EventPlan, Holder};

/// Devices and users.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Holders {
    pub(super) serial_numbers: Vec<String>,
    pub(super) client_user_ids: Vec<String>,
}

impl Holders {
    pub(super) fn all(&self) -> impl Iterator<Item = Holder> {
        let devices = self.serial_numbers.iter().map(|text| Holder::device(text));
        devices.chain(self.client_user_ids.iter().map(|text| Holder::user(text)))
    }

    fn of<'a>(holders: impl Iterator<Item = &'a Holder>) -> Self {
        let mut sorted = Self::default();
        for holder in holders {
            match holder {
                Holder::Device(serial_number) => sorted.serial_numbers.push(serial_number.to_string()),
                Holder::User(id) => sorted.client_user_ids.push(id.to_string()),
            }
        }
        sorted
    }
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Delay {
    After { milliseconds: u64 },
    Never {},
}

/// Holders whose tasks fail, with the number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Failing {
    number: i32,
    #[serde(default)]
    holders: Holders,
}

/// A plan; what is left out is as usual.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PlanOrder {
    delay: Option<Delay>,
    steps: Option<NonZeroU32>,
    visible_after_milliseconds: u64,
    failing: Vec<Failing>,
    dropped: Holders,
    all_fail: Option<i32>,
}

impl PlanOrder {
    pub(super) fn plan(&self) -> EventPlan {
        let mut plan = EventPlan::usual();
        match self.delay {
            Some(Delay::After { milliseconds }) => {
                plan.delay = EventDelay::After(Duration::from_millis(milliseconds));
            }
            Some(Delay::Never {}) => plan.delay = EventDelay::Never,
            None => {}
        }
        plan.steps = self.steps.unwrap_or(NonZeroU32::MIN);
        plan.visible_after = Duration::from_millis(self.visible_after_milliseconds);
        for failing in &self.failing {
            let number = ErrorNumber::new(failing.number);
            plan.failing.extend(failing.holders.all().map(|holder| (holder, number)));
        }
        plan.dropped.extend(self.dropped.all());
        plan.all_fail = self.all_fail.map(ErrorNumber::new);
        plan
    }

    pub(super) fn of(plan: &EventPlan) -> Self {
        let delay = match plan.delay {
            EventDelay::After(delay) => Delay::After { milliseconds: milliseconds(delay) },
            EventDelay::Never => Delay::Never {},
        };
        let failing = plan.failing.iter().map(|(holder, number)| Failing {
            number: number.number(),
            holders: Holders::of(std::iter::once(holder)),
        });
        Self {
            delay: Some(delay),
            steps: Some(plan.steps),
            visible_after_milliseconds: milliseconds(plan.visible_after),
            failing: failing.collect(),
            dropped: Holders::of(plan.dropped.iter()),
            all_fail: plan.all_fail.map(ErrorNumber::number),
        }
    }
}

/// A duration in whole milliseconds.
pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
