//! Who answers the test notification in-process.

use std::sync::Arc;

use super::notification::Notification;
use crate::simulator::Simulator;

/// A function that stands for the MDM's receiver.
#[derive(Clone)]
pub(crate) struct TestReceiver(Arc<dyn Fn(&Notification) -> bool + Send + Sync>);

impl Simulator {
    /// Lets a function answer the test notification that is sent while client config is written: `true` is a status of
    /// 2xx, `false` refuses the request with 9728. It runs without the lock, so it may use the whole handle. Without one
    /// the test succeeds. Over HTTP it is asked only where nothing is really posted.
    pub fn on_test_notification(&self, answer: impl Fn(&Notification) -> bool + Send + Sync + 'static) {
        self.lock().test_receiver = Some(TestReceiver(Arc::new(answer)));
    }

    /// Lets happen what is due, and says how notifications travel.
    #[cfg(feature = "http")]
    pub(crate) fn catch_up_and_read_dials(&self) -> super::NotificationDials {
        let mut service = self.lock();
        let now = service.clock.now();
        service.catch_up(now);
        service.settings.notifications.clone()
    }

    pub(crate) fn test_succeeds(&self, notification: &Notification) -> bool {
        let receiver = self.lock().test_receiver.clone();
        receiver.is_none_or(|receiver| (receiver.0)(notification))
    }
}
