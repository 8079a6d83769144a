//! Notifications that were heard.

use mdm_vpp_ports::{HeardNotification, Hearing};

use super::{rows::Rows, talk_rows::TalkState};
use crate::kept::forgotten_before;

impl Rows {
    pub(super) fn hear(&mut self, notification: &HeardNotification) -> Hearing {
        let location = &notification.location;
        let known = self.tenants.values_mut().map(|rows| &mut rows.state);
        let Some(state) = known.into_iter().find(|state| state.tokens.contains_key(location)) else {
            return Hearing::UnknownLocation;
        };
        let hearing = state.talks.entry(location.clone()).or_default().hear(notification);
        if hearing != Hearing::Repeated {
            notification.due.iter().for_each(|due| state.due.note(due));
        }
        hearing
    }
}

impl TalkState {
    fn hear(&mut self, notification: &HeardNotification) -> Hearing {
        if self.heard.iter().any(|heard| heard.id == notification.id) {
            return Hearing::Repeated;
        }
        let forgotten = forgotten_before(notification.heard_at);
        self.heard.retain(|heard| heard.heard_at >= forgotten);
        self.heard.push(notification.clone());
        let Some(notice) = &notification.notice else { return Hearing::Taken };
        let mut open = self.open_requests.iter().filter_map(|number| self.requests.get(number));
        let known = open.any(|request| request.event_id() == Some(&notice.event_id));
        if known { Hearing::Taken } else { Hearing::UnknownEvent }
    }
}
