//! The settings: how the service behaves where Apple's documentation and practice differ or leave a choice.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::base_url::BaseUrl;
use super::event_plan::EventPlan;
use super::rate::{FlaggingRule, RateLimit};

/// The HTTP status of errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SynchronousErrors {
    /// The status of Apple's table of errors.
    Documented,
    /// As observed in the wild: 200 with an error body for an expired (9621), unknown (9622) or revoked (9625) token,
    /// the documented status for everything else.
    #[default]
    Observed,
}

/// When replies carry the token's expiration date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ExpirationShown {
    /// Always, as observed in the wild.
    #[default]
    Always,
    /// Only when 15 days or less are left, as Apple's documentation says.
    LastFifteenDays,
}

/// How a delta of assignments shows one that is gone. Apple does not document it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RemovedInDeltas {
    /// Not at all (assumption).
    #[default]
    Absent,
    /// As if it were still there.
    Listed,
}

/// Settings of the simulator, changeable while it runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The records on a page. Apple says "several hundred"; default 500.
    pub page_capacity: NonZeroUsize,
    /// The HTTP status of errors.
    pub token_errors: SynchronousErrors,
    /// When replies carry the token's expiration date.
    pub expiration_shown: ExpirationShown,
    /// The base URL in service config; `None` means the address that the server listens on.
    pub advertised: Option<BaseUrl>,
    /// How notifications travel.
    pub notifications: NotificationDials,
    /// The limit on requests per second of a location.
    pub rate_limit: RateLimit,
    /// The rule that revokes a token for too many inventory requests at once; `None`, the default, never revokes.
    pub flagging: Option<FlaggingRule>,
    /// The plan of all events. A fault can give the events of single requests another one.
    pub events: EventPlan,
    /// The time for which an event is known after it was finished; afterwards it is 9708. Default 24 hours (assumption;
    /// Apple's documentation does not say).
    pub events_kept_for: Duration,
    /// The time for which a device still meets 9610 after an event gave it a license. Default zero.
    pub device_lag: Duration,
    /// The changes that each list remembers for deltas; asking for an older version is 9721. Default 200 000.
    pub changes_kept: usize,
    /// How a delta shows an assignment that is gone.
    pub removed_in_deltas: RemovedInDeltas,
    /// The requests that the log keeps; the oldest are dropped first. Counts per endpoint go on. Default 10 000.
    pub log_capacity: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            page_capacity: NonZeroUsize::MIN.saturating_add(499),
            token_errors: SynchronousErrors::default(),
            expiration_shown: ExpirationShown::default(),
            advertised: None,
            notifications: NotificationDials::default(),
            rate_limit: RateLimit::default(),
            flagging: None,
            events: EventPlan::usual(),
            events_kept_for: Duration::from_secs(24 * 60 * 60),
            device_lag: Duration::ZERO,
            changes_kept: 200_000,
            removed_in_deltas: RemovedInDeltas::default(),
            log_capacity: 10_000,
        }
    }
}

/// How notifications travel. By default each is sent once, at once, and in order. The test notification is not
/// affected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotificationDials {
    /// With n, each n-th notification is lost; with 1 all are.
    pub lost_every: Option<NonZeroU32>,
    /// With n, each n-th notification is sent twice, with the same id.
    pub doubled_every: Option<NonZeroU32>,
    /// Whether the newest of the notifications that wait is sent first.
    pub newest_first: bool,
    /// The time that each waits.
    pub delay: Duration,
    /// The address to which the HTTP server really posts them: this scheme, host, port and prefix, plain http, in place
    /// of those of the MDM's URL, which has to be https. Without it nothing is posted, and notifications wait to be
    /// taken.
    pub deliver_to: Option<BaseUrl>,
    /// The time that the HTTP server waits before the second attempt, and before the third, which is the last. Apple
    /// documents three attempts within one to five minutes.
    pub pauses: [Duration; 2],
}

impl Default for NotificationDials {
    fn default() -> Self {
        Self {
            lost_every: None,
            doubled_every: None,
            newest_first: false,
            delay: Duration::ZERO,
            deliver_to: None,
            pauses: [Duration::from_secs(60), Duration::from_secs(180)],
        }
    }
}

impl NotificationDials {
    /// How often the notification with this number, counted from 1, is sent.
    pub(crate) fn copies(&self, number: u64) -> u8 {
        let is_one = |every: Option<NonZeroU32>| {
            every.is_some_and(|every| number.is_multiple_of(u64::from(every.get())))
        };
        if is_one(self.lost_every) {
            0
        } else if is_one(self.doubled_every) {
            2
        } else {
            1
        }
    }
}
