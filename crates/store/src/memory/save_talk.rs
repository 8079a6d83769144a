//! Saving what changes in a talk. It was checked before, so nothing of it fails.

use mdm_vpp_core::location::{LocationChanges, SeatChange, WaitlistChange};

use super::talk_rows::TalkState;
use crate::kept::kept_touch;

impl TalkState {
    pub(super) fn apply(&mut self, changes: LocationChanges) {
        if let Some(talk) = changes.state {
            self.talk = Some(talk);
        }
        for (key, change) in changes.seats {
            match change {
                SeatChange::Put(seat) => self.seats.put(seat),
                SeatChange::Forget => self.seats.forget(&key),
            }
        }
        if let Some(first) = changes.forget_requests_before {
            let open = &self.open_requests;
            self.requests.retain(|number, _| *number >= first || open.contains(number));
        }
        for request in changes.requests {
            if request.is_open() {
                self.open_requests.insert(request.number);
            } else {
                self.open_requests.remove(&request.number);
            }
            self.requests.insert(request.number, request);
        }
        for member in changes.users {
            self.members.insert(member.client_user_id.clone(), member);
        }
        for (key, change) in changes.waitlist {
            let of_asset = self.waiting.entry(key.asset).or_default();
            match change {
                WaitlistChange::Add(wish) => of_asset.insert(key.holder, kept_touch(wish.since)),
                WaitlistChange::Remove => of_asset.remove(&key.holder),
            };
        }
        if changes.forget_full_read_pages {
            self.walk_pages.clear();
        }
        self.walk_pages.extend(changes.full_read_pages.into_iter().map(|page| (page.page, page)));
    }
}
