//! Faults and event plans as a tester writes them.

use std::num::NonZeroU32;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::portal_action::PortalAction;
use crate::apple::{Endpoint, ErrorNumber, Holder};
use crate::settings::{EventDelay, EventPlan, RetryAfter};
use crate::simulator::{Fault, FaultRule};

/// A fault, for which requests and how often; by default for the next one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultBody {
    fault: FaultKind,
    endpoint: Option<Endpoint>,
    page: Option<i64>,
    #[serde(default)]
    after: u64,
    times: Option<u64>,
    #[serde(default)]
    always: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum FaultKind {
    Error {
        number: i32,
    },
    ErrorInOkBody {
        number: i32,
    },
    Html {
        status: u16,
    },
    Busy {
        status: u16,
        retry_after_seconds: Option<u32>,
        retry_after_date_in_seconds: Option<u64>,
    },
    Redirect {
        status: u16,
        to: String,
    },
    RequestLost {},
    AnswerLost {},
    TruncatedJson {},
    WithoutMember {
        name: String,
    },
    NullMember {
        name: String,
    },
    /// Puts a value at a JSON pointer, such as `/assets/0/totalCount`; a reply without that place stays as it is.
    SetValue {
        pointer: String,
        value: Value,
    },
    OversizedBody {
        mebibytes: u32,
    },
    SlowReply {
        milliseconds: u64,
    },
    Event {
        plan: PlanBody,
    },
    /// A portal action before the request is answered; a refusal by the portal is ignored.
    First {
        act: PortalAction,
    },
}

impl FaultBody {
    pub(crate) fn rule(self) -> FaultRule {
        let fault = self.fault.fault();
        let rule = match self.endpoint {
            Some(endpoint) => FaultRule::at(endpoint, fault),
            None => FaultRule::new(fault),
        };
        let rule = rule.after(self.after).times(self.times.unwrap_or(1));
        let rule = match self.page {
            Some(page) => rule.on_page(page),
            None => rule,
        };
        if self.always { rule.always() } else { rule }
    }
}

impl FaultKind {
    fn fault(self) -> Fault {
        match self {
            Self::Error { number } => Fault::Error(ErrorNumber::new(number)),
            Self::ErrorInOkBody { number } => Fault::ErrorInOkBody(ErrorNumber::new(number)),
            Self::Html { status } => Fault::Html { status },
            Self::Busy { status, retry_after_seconds, retry_after_date_in_seconds } => {
                let date = retry_after_date_in_seconds.map(|s| RetryAfter::DateIn(Duration::from_secs(s)));
                let retry_after = retry_after_seconds.map(RetryAfter::Seconds).or(date);
                Fault::Busy { status, retry_after: retry_after.unwrap_or(RetryAfter::Unsaid) }
            }
            Self::Redirect { status, to } => Fault::Redirect { status, to },
            Self::RequestLost {} => Fault::RequestLost,
            Self::AnswerLost {} => Fault::AnswerLost,
            Self::TruncatedJson {} => Fault::TruncatedJson,
            Self::WithoutMember { name } => Fault::without_member(name),
            Self::NullMember { name } => Fault::null_member(name),
            Self::SetValue { pointer, value } => Fault::edit_json(move |body| {
                if let Some(place) = body.pointer_mut(&pointer) {
                    place.clone_from(&value);
                }
            }),
            Self::OversizedBody { mebibytes } => Fault::OversizedBody { mebibytes },
            Self::SlowReply { milliseconds } => {
                Fault::SlowReply { delay: Duration::from_millis(milliseconds) }
            }
            Self::Event { plan } => Fault::Event(plan.plan()),
            Self::First { act } => Fault::first(move |simulator| {
                let _refused = act.act(simulator);
            }),
        }
    }
}

/// Devices and users.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Holders {
    pub(crate) serial_numbers: Vec<String>,
    pub(crate) client_user_ids: Vec<String>,
}

impl Holders {
    pub(crate) fn all(&self) -> impl Iterator<Item = Holder> {
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

/// Holders with tasks that fail, and the number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Failing {
    number: i32,
    #[serde(default)]
    holders: Holders,
}

/// An event plan; members left out are as in [`EventPlan::usual`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PlanBody {
    delay: Option<Delay>,
    steps: Option<NonZeroU32>,
    visible_after_milliseconds: u64,
    failing: Vec<Failing>,
    dropped: Holders,
    all_fail: Option<i32>,
}

impl PlanBody {
    pub(crate) fn plan(&self) -> EventPlan {
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

    pub(crate) fn of(plan: &EventPlan) -> Self {
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
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
