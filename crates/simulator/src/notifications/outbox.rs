//! Notifications that wait to be sent.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::dials::NotificationDials;
use super::notification::Notification;
use crate::simulator::Simulator;

/// So many wait; then the oldest go. Who takes none would otherwise fill the memory.
const MOST_WAITING: usize = 10_000;

/// Notifications by the time at which they go.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: BTreeMap<(DateTime<Utc>, u64), Notification>,
    entered: u64,
    made: u64,
}

impl Outbox {
    /// Enters a notification as often as the dials say.
    pub(super) fn enter(&mut self, notification: &Notification, dials: &NotificationDials) {
        self.made = self.made.saturating_add(1);
        let delay = TimeDelta::from_std(dials.delay).unwrap_or(TimeDelta::MAX);
        let at = notification.made_at.checked_add_signed(delay).unwrap_or(DateTime::<Utc>::MAX_UTC);
        for _ in 0..dials.copies(self.made) {
            self.entered = self.entered.saturating_add(1);
            self.waiting.insert((at, self.entered), notification.clone());
        }
        while self.waiting.len() > MOST_WAITING {
            self.waiting.pop_first();
        }
    }

    fn take(&mut self, now: DateTime<Utc>, newest_first: bool) -> Vec<Notification> {
        let later = self.waiting.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut self.waiting, later).into_values();
        if newest_first { due.rev().collect() } else { due.collect() }
    }
}

impl Simulator {
    /// Takes the notifications that are due, in the order in which they go. Lost ones are not among them, doubled ones
    /// twice. Whoever takes one delivers it: `POST` its body to its URL with its token.
    pub fn take_notifications(&self) -> Vec<Notification> {
        let mut service = self.lock();
        let now = service.clock.now();
        service.catch_up(now);
        let newest_first = service.settings.notifications.newest_first;
        service.outbox.take(now, newest_first)
    }

    /// How many notifications wait, due or not.
    pub fn waiting_notifications(&self) -> usize {
        self.lock().outbox.waiting.len()
    }
}
