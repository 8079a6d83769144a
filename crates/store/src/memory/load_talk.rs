//! What a transaction is given of the talk about a location.

use std::collections::{BTreeMap, BTreeSet};

use mdm_vpp_core::{
    catalog::{AssetKey, Pool},
    id::ClientUserId,
    location::{LocationRows, LocationState, NotifiedEvent, WaitlistEntry},
    seats::{EventId, Holder, Request, Seat, SeatKey, VppUser},
};
use mdm_vpp_ports::{LocationScope, Pools, Requests, Seats, VppUsers};

use super::{rows::TenantState, talk_rows::TalkState};

impl TenantState {
    /// The rows that a scope names; `None` when the tenant has no token of the location.
    pub(super) fn load_talk(&self, scope: &LocationScope) -> Option<LocationRows> {
        self.tokens.get(&scope.location)?;
        let nothing = TalkState::default();
        let state = self.talks.get(&scope.location).unwrap_or(&nothing);
        let requests = state.load_requests(&scope.requests);
        let seats = state.load_seats(scope, &requests);
        Some(LocationRows {
            state: state.talk.clone().unwrap_or_else(|| LocationState::new(scope.location.clone())),
            pools: self.load_pools(scope),
            users: state.load_users(&scope.users, &seats),
            waitlist: state.load_waiting(scope),
            full_read_pages: if scope.full_read_pages {
                state.walk_pages.values().cloned().collect()
            } else {
                vec![]
            },
            notified_events: if scope.notified_events { state.load_notices(&requests) } else { vec![] },
            requests,
            seats,
        })
    }

    fn load_pools(&self, scope: &LocationScope) -> BTreeMap<AssetKey, Pool> {
        let Some(pools) = self.pools.get(&scope.location) else { return BTreeMap::new() };
        match &scope.pools {
            Pools::None => BTreeMap::new(),
            Pools::These(keys) => {
                keys.iter().filter_map(|key| Some((key.clone(), pools.get(key)?.clone()))).collect()
            }
            Pools::All => pools.clone(),
        }
    }
}

impl TalkState {
    fn load_requests(&self, requests: &Requests) -> Vec<Request> {
        match requests {
            Requests::None => Vec::new(),
            Requests::One(number) => self.requests.get(number).cloned().into_iter().collect(),
            Requests::Open => {
                self.open_requests.iter().filter_map(|number| self.requests.get(number)).cloned().collect()
            }
        }
    }

    fn load_notices(&self, requests: &[Request]) -> Vec<NotifiedEvent> {
        let events: BTreeSet<&EventId> = requests.iter().filter_map(Request::event_id).collect();
        let mut heard: Vec<_> = self.heard.iter().collect();
        heard.sort_by(|a, b| (a.received_at, &a.id).cmp(&(b.received_at, &b.id)));
        let notices = heard.into_iter().filter_map(|heard| heard.event.as_ref());
        notices.filter(|notice| events.contains(&notice.event_id)).cloned().collect()
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
            Seats::WithNextAction(agendas, limit) => rows.on_agenda(agendas, *limit),
            Seats::After(after, limit) => rows.after(&scope.location, after.as_ref()).take(*limit).collect(),
        };
        found.into_iter().map(|seat| (seat.key.clone(), seat.clone())).collect()
    }

    fn load_users(
        &self,
        members: &VppUsers,
        seats: &BTreeMap<SeatKey, Seat>,
    ) -> BTreeMap<ClientUserId, VppUser> {
        let found: Vec<&VppUser> = match members {
            VppUsers::None => Vec::new(),
            VppUsers::These(ids) => ids.iter().filter_map(|id| self.members.get(id)).collect(),
            VppUsers::OfSeats => seats
                .keys()
                .filter_map(|key| match &key.holder {
                    Holder::User { client_user_id } => self.members.get(client_user_id),
                    Holder::Device { .. } => None,
                })
                .collect(),
            VppUsers::ToRead(limit) => {
                let to_do = self.members.values().filter(|member| member.is_to_be_read());
                to_do.take(*limit).collect()
            }
        };
        found.into_iter().map(|member| (member.client_user_id.clone(), member.clone())).collect()
    }

    fn load_waiting(&self, scope: &LocationScope) -> Vec<WaitlistEntry> {
        let mut found = Vec::new();
        for (asset, limit) in &scope.waitlist {
            let Some(holders) = self.waiting.get(asset) else { continue };
            let mut wishes: Vec<_> = holders.iter().map(|(holder, since)| (*since, holder)).collect();
            wishes.sort_unstable();
            found.extend(wishes.into_iter().take(*limit).map(|(since, holder)| WaitlistEntry {
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
}
