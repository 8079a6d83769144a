//! For which requests faults are meant, and how often.

use super::fault::{Fault, PortalHook};
use crate::endpoint::Endpoint;
use crate::model::EventPlan;

/// A fault with the requests it is meant for: without more said, the next one request to any endpoint.
#[derive(Clone, Debug)]
pub struct FaultRule {
    fault: Fault,
    endpoint: Option<Endpoint>,
    page: Option<i64>,
    skip: u64,
    times: u64,
}

impl FaultRule {
    /// This fault for the next request, whatever it is.
    pub fn new(fault: Fault) -> Self {
        Self { fault, endpoint: None, page: None, skip: 0, times: 1 }
    }

    /// This fault for the next request to an endpoint.
    pub fn at(endpoint: Endpoint, fault: Fault) -> Self {
        Self { endpoint: Some(endpoint), ..Self::new(fault) }
    }

    /// Only for requests of this page, counted from 0.
    #[must_use]
    pub fn on_page(mut self, page: i64) -> Self {
        self.page = Some(page);
        self
    }

    /// Lets so many matching requests pass first.
    #[must_use]
    pub fn after(mut self, requests: u64) -> Self {
        self.skip = requests;
        self
    }

    /// For so many requests.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    /// For every request until faults are cleared.
    #[must_use]
    pub fn always(self) -> Self {
        self.times(u64::MAX)
    }

    fn matches(&self, endpoint: Option<Endpoint>, page: i64) -> bool {
        (self.endpoint.is_none() || self.endpoint == endpoint) && self.page.is_none_or(|own| own == page)
    }
}

/// What is going to go wrong, in the order in which it was asked for.
#[derive(Debug, Default)]
pub(crate) struct FaultScript {
    rules: Vec<FaultRule>,
}

/// What a request is to suffer.
#[derive(Debug, Default)]
pub(crate) struct Suffered {
    pub(crate) first: Vec<PortalHook>,
    pub(crate) plan: Option<EventPlan>,
    pub(crate) fault: Option<Fault>,
}

impl FaultScript {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        if rule.times > 0 {
            self.rules.push(rule);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    /// How many rules still wait for requests.
    pub(crate) fn waiting(&self) -> usize {
        self.rules.len()
    }

    /// Takes what the next request suffers: all hooks that match, and the first event plan and the first other fault
    /// that do.
    pub(crate) fn take(&mut self, endpoint: Option<Endpoint>, page: i64) -> Suffered {
        let mut suffered = Suffered::default();
        for rule in self.rules.iter_mut().filter(|rule| rule.matches(endpoint, page)) {
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            match &rule.fault {
                Fault::First(hook) => suffered.first.push(hook.clone()),
                Fault::Event(_) if suffered.plan.is_some() => continue,
                Fault::Event(plan) => suffered.plan = Some(plan.clone()),
                _ if suffered.fault.is_some() => continue,
                fault => suffered.fault = Some(fault.clone()),
            }
            if rule.times != u64::MAX {
                rule.times = rule.times.saturating_sub(1);
            }
        }
        self.rules.retain(|rule| rule.times > 0);
        suffered
    }
}
