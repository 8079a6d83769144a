//! Notifications that were heard.

use mdm_vpp_ports::{Receipt, ReceivedNotification};

use super::{rows::Rows, talk_rows::TalkState};
use crate::kept::forgotten_before;

impl Rows {
    pub(super) fn hear(&mut self, notification: &ReceivedNotification) -> Receipt {
        let location = &notification.location;
        let known = self.tenants.values_mut().map(|rows| &mut rows.state);
        let Some(state) = known.into_iter().find(|state| state.tokens.contains_key(location)) else {
            return Receipt::UnknownLocation;
        };
        let hearing = state.talks.entry(location.clone()).or_default().hear(notification);
        if hearing != Receipt::Repeated {
            notification.jobs.iter().for_each(|due| state.due.note(due));
        }
        hearing
    }
}

impl TalkState {
    fn hear(&mut self, notification: &ReceivedNotification) -> Receipt {
        if self.heard.iter().any(|heard| heard.id == notification.id) {
            return Receipt::Repeated;
        }
        let forgotten = forgotten_before(notification.received_at);
        self.heard.retain(|heard| heard.received_at >= forgotten);
        self.heard.push(notification.clone());
        let Some(notice) = &notification.event else { return Receipt::Recorded };
        let mut open = self.open_requests.iter().filter_map(|number| self.requests.get(number));
        let known = open.any(|request| request.event_id() == Some(&notice.event_id));
        if known { Receipt::Recorded } else { Receipt::UnknownEvent }
    }
}
