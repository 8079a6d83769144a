//! What goes wrong with notifications on their way.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::model::BaseUrl;

/// How notifications travel. Without more said each is sent once, at once, and in order. The test notification knows
/// none of this.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotificationDials {
    /// Each so many-eth notification is lost; with 1 all are.
    pub lost_every: Option<NonZeroU32>,
    /// Each so many-eth notification is sent twice, with the same id.
    pub doubled_every: Option<NonZeroU32>,
    /// Of those that wait, the newest goes first.
    pub newest_first: bool,
    /// How long each waits.
    pub delay: Duration,
    /// Where the HTTP face really posts them: this scheme, host, port and prefix, plain http, in place of those of the
    /// MDM's URL, which has to be https. Without it nothing is posted, and notifications wait to be taken.
    pub deliver_to: Option<BaseUrl>,
    /// How long the HTTP face waits before the second and before the third attempt, both the last. Apple documents three
    /// attempts within one to five minutes.
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
    pub(super) fn copies(&self, number: u64) -> u8 {
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
