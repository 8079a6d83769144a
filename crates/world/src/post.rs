//! Apple's notifications on their way to the host: lost, doubled, late and in any order.

use crate::{World, fixture::WorldFixture, world::BoxError};

impl WorldFixture {
    /// Lets Apple's test notification be lost as often as others.
    pub(crate) fn test_notifications(&self) {
        let (chance, faults) = (self.chance.clone(), self.faults.clone());
        self.simulator.on_test_notification(move |_| {
            let lost = faults.lock().map_or(0, |faults| faults.notifications_lost);
            !chance.percent(lost)
        });
    }
}

impl World {
    /// Brings the notifications that are under way to the process, as far as they arrive now.
    pub(crate) async fn deliver(&mut self) -> Result<(), BoxError> {
        self.under_way.extend(self.fixture.simulator.take_notifications());
        let (chance, faults) = (self.fixture.chance.clone(), self.faults());
        let mut later = Vec::new();
        while let Some(last) = self.under_way.len().checked_sub(1) {
            let any = usize::try_from(chance.below(self.under_way.len() as u64))?.min(last);
            let notification = self.under_way.swap_remove(any);
            if chance.percent(faults.notifications_lost) {
                continue;
            }
            if chance.percent(faults.notifications_late) {
                later.push(notification);
                continue;
            }
            let header = format!("Bearer {}", notification.bearer);
            match self.process.vpp.notification(Some(&header), &notification.body).await {
                Ok(answer) if answer.http_status() != 200 => {
                    return Err(format!("a notification of Apple's is refused: {answer:?}").into());
                }
                Ok(_) if !chance.percent(faults.notifications_doubled) => {
                    self.notified = self.notified.saturating_add(1);
                }
                // It comes twice, or the process died and Apple sends it again.
                Ok(_) | Err(_) => later.push(notification),
            }
        }
        self.under_way = later;
        self.bury()
    }
}
