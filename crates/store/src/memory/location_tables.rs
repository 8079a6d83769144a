//! The tables of one location's assignments.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    id::{ClientUserId, LocationId},
    location::{
        LocationChanges, LocationRows, LocationState, NotifiedEvent, SeatChange, WaitlistChange,
        WaitlistEntry,
    },
    seats::{EventId, Holder, Request, Seat, SeatKey, VppUser},
};
use mdm_vpp_ports::{LocationScope, Receipt, ReceivedNotification, Requests, Seats, VppUsers};

use super::seat_rows::SeatRows;
use crate::times::{deleted_before, stored_touch};

/// The tables of a location. Its pools stand with the tenant's assets.
pub(super) struct LocationTables {
    /// All rows but pools, seats and notified events.
    rows: LocationRows,
    /// The seats stand apart, in maps that find them by asset and by next action. There may be a million of them.
    seats: SeatRows,
    notifications: Vec<ReceivedNotification>,
}

impl LocationTables {
    pub(super) fn new(location: LocationId) -> Self {
        let rows = LocationRows {
            state: LocationState::new(location),
            pools: BTreeMap::new(),
            seats: BTreeMap::new(),
            requests: Vec::new(),
            users: BTreeMap::new(),
            waitlist: Vec::new(),
            full_read_pages: Vec::new(),
            notified_events: Vec::new(),
        };
        Self { rows, seats: SeatRows::default(), notifications: Vec::new() }
    }

    /// Loads what a scope names, without the pools.
    pub(super) fn load(&self, scope: &LocationScope) -> LocationRows {
        let requests = self.load_requests(&scope.requests);
        let seats = self.load_seats(scope, &requests);
        LocationRows {
            state: self.rows.state.clone(),
            pools: BTreeMap::new(),
            users: self.load_users(&scope.users, &seats),
            waitlist: self.load_waitlist(scope),
            full_read_pages: if scope.full_read_pages {
                self.rows.full_read_pages.clone()
            } else {
                Vec::new()
            },
            notified_events: if scope.notified_events { self.load_events(&requests) } else { Vec::new() },
            requests,
            seats,
        }
    }

    fn load_requests(&self, requests: &Requests) -> Vec<Request> {
        let is_named = |request: &&Request| match requests {
            Requests::None => false,
            Requests::One(number) => request.number == *number,
            Requests::Open => request.is_open(),
        };
        self.rows.requests.iter().filter(is_named).cloned().collect()
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
            VppUsers::These(ids) => ids.iter().filter_map(|id| self.rows.users.get(id)).collect(),
            VppUsers::OfSeats => seats
                .keys()
                .filter_map(|key| match &key.holder {
                    Holder::User { client_user_id } => self.rows.users.get(client_user_id),
                    Holder::Device { .. } => None,
                })
                .collect(),
            VppUsers::ToRead(limit) => {
                self.rows.users.values().filter(|user| user.is_to_be_read()).take(*limit).collect()
            }
        };
        found.into_iter().map(|user| (user.client_user_id.clone(), user.clone())).collect()
    }

    fn load_waitlist(&self, scope: &LocationScope) -> Vec<WaitlistEntry> {
        let mut left = scope.waitlist.clone();
        // The entries are in the order of their waits, so the first ones of each asset are those to load.
        let is_loaded = |entry: &&WaitlistEntry| match left.get_mut(&entry.seat.asset) {
            Some(limit) if *limit > 0 => {
                *limit = limit.saturating_sub(1);
                true
            }
            _ => false,
        };
        self.rows.waitlist.iter().filter(is_loaded).cloned().collect()
    }

    /// Saves changes. They were checked before, so nothing of it fails.
    pub(super) fn apply(&mut self, mut changes: LocationChanges) {
        for (key, change) in std::mem::take(&mut changes.seats) {
            match change {
                SeatChange::Put(seat) => self.seats.put(seat),
                SeatChange::Forget => self.seats.forget(&key),
            }
        }
        for change in changes.waitlist.values_mut() {
            if let WaitlistChange::Add(entry) = change {
                entry.since = stored_touch(entry.since);
            }
        }
        changes.apply_to(&mut self.rows);
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
        let mut open = self.rows.requests.iter().filter(|request| request.is_open());
        let is_known = open.any(|request| request.event_id() == Some(&event.event_id));
        if is_known { Receipt::Recorded } else { Receipt::UnknownEvent }
    }
}
