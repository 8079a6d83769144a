//! Settings and limits as a tester reads and writes them.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::fault_body::{PlanBody, milliseconds};
use super::views::TesterError;
use crate::settings::{
    BaseUrl, ExpirationShown, FlaggingRule, RateJudged, RemovedInDeltas, RetryAfter, Settings,
    SynchronousErrors,
};
use crate::simulator::Simulator;

/// Settings. A written body may lack members, which then stay as they are; an event plan is replaced as a whole.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SettingsBody {
    page_capacity: Option<NonZeroUsize>,
    token_errors: Option<SynchronousErrors>,
    expiration_shown: Option<ExpirationShown>,
    log_capacity: Option<usize>,
    events: Option<PlanBody>,
    events_kept_for_seconds: Option<u64>,
    device_lag_milliseconds: Option<u64>,
    changes_kept: Option<usize>,
    removed_in_deltas: Option<RemovedInDeltas>,
    rate_judged: Option<RateJudged>,
    rate_limited_status: Option<u16>,
    /// 0 sends no `Retry-After`.
    rate_limited_retry_after_seconds: Option<u32>,
    flagging: Option<Flagging>,
    /// With n each n-th notification; 0 for none.
    notifications_lost_every: Option<u32>,
    notifications_doubled_every: Option<u32>,
    notifications_newest_first: Option<bool>,
    notifications_delay_milliseconds: Option<u64>,
    notification_pauses_milliseconds: Option<[u64; 2]>,
    /// Empty when notifications are not posted.
    deliver_to: Option<String>,
    /// By name; service config does not tell a limit that is null.
    limits: Option<BTreeMap<String, Option<i32>>>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Flagging {
    Off {},
    On { requests: u32, within_milliseconds: u64 },
}

impl SettingsBody {
    pub(crate) fn of(simulator: &Simulator) -> Result<Self, TesterError> {
        let settings = simulator.settings();
        let (rate, dials) = (&settings.rate_limit, &settings.notifications);
        let every = |n: Option<NonZeroU32>| Some(n.map_or(0, NonZeroU32::get));
        Ok(Self {
            page_capacity: Some(settings.page_capacity),
            token_errors: Some(settings.token_errors),
            expiration_shown: Some(settings.expiration_shown),
            log_capacity: Some(settings.log_capacity),
            events: Some(PlanBody::of(&settings.events)),
            events_kept_for_seconds: Some(settings.events_kept_for.as_secs()),
            device_lag_milliseconds: Some(milliseconds(settings.device_lag)),
            changes_kept: Some(settings.changes_kept),
            removed_in_deltas: Some(settings.removed_in_deltas),
            rate_judged: Some(rate.judged),
            rate_limited_status: Some(rate.status),
            rate_limited_retry_after_seconds: match rate.retry_after {
                RetryAfter::Unsaid => Some(0),
                RetryAfter::Seconds(seconds) => Some(seconds),
                RetryAfter::DateIn(_) => None,
            },
            flagging: Some(match settings.flagging {
                Some(FlaggingRule { requests, within }) => {
                    Flagging::On { requests, within_milliseconds: milliseconds(within) }
                }
                None => Flagging::Off {},
            }),
            notifications_lost_every: every(dials.lost_every),
            notifications_doubled_every: every(dials.doubled_every),
            notifications_newest_first: Some(dials.newest_first),
            notifications_delay_milliseconds: Some(milliseconds(dials.delay)),
            notification_pauses_milliseconds: Some(dials.pauses.map(milliseconds)),
            deliver_to: Some(dials.deliver_to.as_ref().map(BaseUrl::origin).unwrap_or_default()),
            limits: Some(serde_json::from_value(serde_json::to_value(simulator.limits())?)?),
        })
    }

    /// Stores the members that are there; nothing at all when any of them is invalid.
    pub(crate) fn apply(self, simulator: &Simulator) -> Result<(), TesterError> {
        let mut limits = serde_json::to_value(simulator.limits())?;
        if let (Some(all), Some(changed)) = (limits.as_object_mut(), &self.limits) {
            all.extend(changed.iter().map(|(name, limit)| (name.clone(), (*limit).into())));
        }
        let limits = serde_json::from_value(limits)?;
        let mut settings = simulator.settings();
        self.change(&mut settings)?;
        simulator.change_limits(|own| *own = limits);
        simulator.change_settings(|own| *own = settings);
        Ok(())
    }

    fn change(self, settings: &mut Settings) -> Result<(), TesterError> {
        set(&mut settings.page_capacity, self.page_capacity);
        set(&mut settings.token_errors, self.token_errors);
        set(&mut settings.expiration_shown, self.expiration_shown);
        set(&mut settings.log_capacity, self.log_capacity);
        set(&mut settings.events, self.events.map(|plan| plan.plan()));
        set(&mut settings.events_kept_for, self.events_kept_for_seconds.map(Duration::from_secs));
        set(&mut settings.device_lag, self.device_lag_milliseconds.map(Duration::from_millis));
        set(&mut settings.changes_kept, self.changes_kept);
        set(&mut settings.removed_in_deltas, self.removed_in_deltas);
        let rate = &mut settings.rate_limit;
        set(&mut rate.judged, self.rate_judged);
        set(&mut rate.status, self.rate_limited_status);
        let seconds = self.rate_limited_retry_after_seconds;
        set(
            &mut rate.retry_after,
            seconds
                .map(|seconds| if seconds == 0 { RetryAfter::Unsaid } else { RetryAfter::Seconds(seconds) }),
        );
        let rule = self.flagging.map(|flagging| match flagging {
            Flagging::Off {} => None,
            Flagging::On { requests, within_milliseconds } => {
                Some(FlaggingRule { requests, within: Duration::from_millis(within_milliseconds) })
            }
        });
        set(&mut settings.flagging, rule);
        let dials = &mut settings.notifications;
        set(&mut dials.lost_every, self.notifications_lost_every.map(NonZeroU32::new));
        set(&mut dials.doubled_every, self.notifications_doubled_every.map(NonZeroU32::new));
        set(&mut dials.newest_first, self.notifications_newest_first);
        set(&mut dials.delay, self.notifications_delay_milliseconds.map(Duration::from_millis));
        set(
            &mut dials.pauses,
            self.notification_pauses_milliseconds.map(|pauses| pauses.map(Duration::from_millis)),
        );
        if let Some(url) = self.deliver_to {
            dials.deliver_to = if url.is_empty() { None } else { Some(BaseUrl::parse(&url)?) };
        }
        Ok(())
    }
}

fn set<T>(setting: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *setting = value;
    }
}
