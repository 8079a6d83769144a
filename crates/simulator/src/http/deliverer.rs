//! Sending notifications while a server runs.

use std::time::Duration;

use tokio::task::JoinSet;

use super::post::post;
use crate::notifications::{Notification, NotificationDials};
use crate::simulator::Simulator;

/// How often the outbox is looked at.
const PACE: Duration = Duration::from_millis(20);

/// Posts what is due, each in its turn, until it is dropped. One that is not received is tried twice more, beside the
/// others. It also keeps events going that nobody asks for.
pub(super) async fn deliver(simulator: Simulator) {
    let mut again = JoinSet::new();
    loop {
        tokio::time::sleep(PACE).await;
        while again.try_join_next().is_some() {}
        let dials = simulator.catch_up_and_read_dials();
        let Some(to) = &dials.deliver_to else { continue };
        for notification in simulator.take_notifications() {
            if !post(to, &notification).await {
                again.spawn(try_again(dials.clone(), notification));
            }
        }
    }
}

async fn try_again(dials: NotificationDials, notification: Notification) {
    let Some(to) = &dials.deliver_to else { return };
    for pause in dials.pauses {
        tokio::time::sleep(pause).await;
        if post(to, &notification).await {
            return;
        }
    }
}

/// Whether the MDM answers the test notification: really posted where there is an address for it.
pub(super) async fn test(simulator: &Simulator, notification: &Notification) -> bool {
    match simulator.settings().notifications.deliver_to {
        Some(to) => post(&to, notification).await,
        None => simulator.test_succeeds(notification),
    }
}
