//! Notifications: a request all of whose licenses they name is over, without a question to Apple.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::record_answer::record_answer;
use crate::{
    catalog::AssetKey,
    seats::{Direction, EventId, Holder, Request, RequestEvent, RequestState},
    transaction::Decision,
};
use crate::{
    location::{LocationRows, NotifiedEvent},
    transaction::DecisionBuilder,
};

/// Takes as complete what notifications name as a whole: requests that give licenses. A delta that begins afterwards
/// confirms each of them. Requests that take licenses back are asked for, since no delta shows what is gone.
///
/// `rows` has to hold the open requests, their seats, their pools, the users of their users, and the notices.
#[must_use]
pub fn decide_apply_notifications(rows: &LocationRows, now: DateTime<Utc>) -> Decision {
    let mut notices: BTreeMap<&EventId, Vec<&NotifiedEvent>> = BTreeMap::new();
    for notice in &rows.notified_events {
        notices.entry(&notice.event_id).or_default().push(notice);
    }
    let mut ledger = DecisionBuilder::open(rows, now);
    for request in &rows.requests {
        let RequestState::Accepted { event_id, .. } = &request.state else { continue };
        let named = notices.get(event_id).is_some_and(|notices| name_all(request, notices));
        if named && request.direction == Direction::Associate {
            let completed = RequestEvent::Completed { event_id: event_id.clone() };
            record_answer(rows, &mut ledger, request.number, &completed, now);
        }
    }
    ledger.close()
}

fn name_all(request: &Request, notices: &[&NotifiedEvent]) -> bool {
    let mut named: BTreeMap<&AssetKey, BTreeSet<Holder>> = BTreeMap::new();
    for listed in notices.iter().flat_map(|notice| &notice.listed) {
        named.entry(&listed.asset).or_default().extend(listed.holders());
    }
    let holders = request.holders.each();
    request.assets.iter().all(|asset| {
        named.get(asset).is_some_and(|named| holders.iter().all(|holder| named.contains(holder)))
    })
}
