//! A fault as a tester writes it.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::plan_order::PlanOrder;
use super::portal_order::PortalOrder;
use crate::endpoint::Endpoint;
use crate::error_number::ErrorNumber;
use crate::faults::{Fault, FaultRule, RetryAfter};

/// A fault, for which requests and how often; without more said, for the next one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultOrder {
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
    /// Puts a value at a JSON pointer, such as `/assets/0/totalCount`; nothing where there is none.
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
        plan: PlanOrder,
    },
    /// A portal action before the request is answered; one that the portal refuses is no act.
    First {
        act: PortalOrder,
    },
}

impl FaultOrder {
    pub(super) fn rule(self) -> FaultRule {
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
