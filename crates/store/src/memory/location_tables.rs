//! The tables of one location's assignments.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    catalog::AssetKey,
    id::ClientUserId,
    location::{
        FullReadPage, LocationChanges, LocationRows, LocationState, NotifiedEvent, SeatChange,
        WaitlistChange, WaitlistEntry,
    },
    seats::{EventId, Holder, Request, RequestNumber, Seat, SeatKey, VppUser},
};
use mdm_vpp_ports::{LocationScope, Receipt, ReceivedNotification, Requests, Seats, VppUsers};

use super::seat_rows::SeatRows;
use crate::times::{deleted_before, stored_touch};

/// The tables of a location. Its pools stand with the tenant's assets.
#[derive(Default)]
pub(super) struct LocationTables {
    state: Option<LocationState>,
    seats: SeatRows,
    requests: BTreeMap<RequestNumber, Request>,
    open_requests: BTreeSet<RequestNumber>,
    users: BTreeMap<ClientUserId, VppUser>,
    waitlist: BTreeMap<AssetKey, BTreeMap<Holder, DateTime<Utc>>>,
    full_read_pages: BTreeMap<u32, FullReadPage>,
    notifications: Vec<ReceivedNotification>,
}

impl LocationTables {
    /// Loads what a scope names, without the pools.
    pub(super) fn load(&self, scope: &LocationScope) -> LocationRows {
        let requests = self.load_requests(&scope.requests);
        let seats = self.load_seats(scope, &requests);
        LocationRows {
            state: self.state.clone().unwrap_or_else(|| LocationState::new(scope.location.clone())),
            pools: BTreeMap::new(),
            users: self.load_users(&scope.users, &seats),
            waitlist: self.load_waitlist(scope),
            full_read_pages: if scope.full_read_pages {
                self.full_read_pages.values().cloned().collect()
            } else {
                Vec::new()
            },
            notified_events: if scope.notified_events { self.load_events(&requests) } else { Vec::new() },
            requests,
            seats,
        }
    }

    fn load_requests(&self, requests: &Requests) -> Vec<Request> {
        match requests {
            Requests::None => Vec::new(),
            Requests::One(number) => self.requests.get(number).cloned().into_iter().collect(),
            Requests::Open => {
                self.open_requests.iter().filter_map(|number| self.requests.get(number)).cloned().collect()
            }
        }
    }

    fn load_events(&self, requests: &[Request]) -> Vec<NotifiedEvent> {
        let events: BTreeSet<&EventId> = requests.iter().filter_map(Request::event_id).collect();
        let mut notifications: Vec<_> = self.notifications.iter().collect();
        notifications.sort_by(|a, b| (a.received_at, &a.id).cmp(&(b.received_at, &b.id)));
        let reported = notifications.into_iter().filter_map(|notification| notification.event.as_ref());
        reported.filter(|event| events.contains(&event.event_id)).cloned().collect()
    }

    fn load_seats(&self, scope: &LocationScope, requests: &[Request]) -> BTreeMap<SeatKey, Seat> {
        let rows = &self.seats;
        let found: Vec<&Seat> = match &scope.seats {
            Seats::None => Vec::new(),
            Seats::These(keys) => keys.iter().filter_map(|key| rows.get(key)).collect(),
            Seats::OfAsset(asset) => rows.of_asset(asset).collect(),
            Seats::OfHolder(holder) => rows.of_holder(holder).collect(),
            Seats::OfRequests => {
                requests.iter().flat_map(Request::seats).filter_map(|key| rows.get(&key)).collect()
            }
            Seats::WithNextAction(actions, limit) => rows.with_next_action(actions, *limit),
            Seats::After(after, limit) => rows.after(&scope.location, after.as_ref()).take(*limit).collect(),
        };
        found.into_iter().map(|seat| (seat.key.clone(), seat.clone())).collect()
    }

    fn load_users(
        &self,
        users: &VppUsers,
        seats: &BTreeMap<SeatKey, Seat>,
    ) -> BTreeMap<ClientUserId, VppUser> {
        let found: Vec<&VppUser> = match users {
            VppUsers::None => Vec::new(),
            VppUsers::These(ids) => ids.iter().filter_map(|id| self.users.get(id)).collect(),
            VppUsers::OfSeats => seats
                .keys()
                .filter_map(|key| match &key.holder {
                    Holder::User { client_user_id } => self.users.get(client_user_id),
                    Holder::Device { .. } => None,
                })
                .collect(),
            VppUsers::ToRead(limit) => {
                self.users.values().filter(|user| user.is_to_be_read()).take(*limit).collect()
            }
        };
        found.into_iter().map(|user| (user.client_user_id.clone(), user.clone())).collect()
    }

    fn load_waitlist(&self, scope: &LocationScope) -> Vec<WaitlistEntry> {
        let mut found = Vec::new();
        for (asset, limit) in &scope.waitlist {
            let Some(holders) = self.waitlist.get(asset) else { continue };
            let mut entries: Vec<_> = holders.iter().map(|(holder, since)| (*since, holder)).collect();
            entries.sort_unstable();
            found.extend(entries.into_iter().take(*limit).map(|(since, holder)| WaitlistEntry {
                seat: SeatKey {
                    location: scope.location.clone(),
                    asset: asset.clone(),
                    holder: holder.clone(),
                },
                since,
            }));
        }
        found.sort_unstable_by(|a, b| (a.since, &a.seat).cmp(&(b.since, &b.seat)));
        found
    }

    /// Saves changes. They were checked before, so nothing of it fails.
    pub(super) fn apply(&mut self, changes: LocationChanges) {
        if let Some(state) = changes.state {
            self.state = Some(state);
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
        for user in changes.users {
            self.users.insert(user.client_user_id.clone(), user);
        }
        for (key, change) in changes.waitlist {
            let of_asset = self.waitlist.entry(key.asset).or_default();
            match change {
                WaitlistChange::Add(entry) => of_asset.insert(key.holder, stored_touch(entry.since)),
                WaitlistChange::Remove => of_asset.remove(&key.holder),
            };
        }
        if changes.forget_full_read_pages {
            // Before the new pages come: those of a full read that begins must not go with the old ones.
            self.full_read_pages.clear();
        }
        self.full_read_pages.extend(changes.full_read_pages.into_iter().map(|page| (page.page, page)));
    }

    /// Records a notification and forgets the old ones.
    pub(super) fn record(&mut self, notification: &ReceivedNotification) -> Receipt {
        if self.notifications.iter().any(|recorded| recorded.id == notification.id) {
            return Receipt::Repeated;
        }
        let before = deleted_before(notification.received_at);
        self.notifications.retain(|recorded| recorded.received_at >= before);
        self.notifications.push(notification.clone());
        let Some(event) = &notification.event else { return Receipt::Recorded };
        let mut open = self.open_requests.iter().filter_map(|number| self.requests.get(number));
        let is_known = open.any(|request| request.event_id() == Some(&event.event_id));
        if is_known { Receipt::Recorded } else { Receipt::UnknownEvent }
    }
}
