//! What would be sent: the requests that queued seats are good for, without writing them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{TalkRows, decide_writing};
use crate::{
    catalog::AssetKey,
    plan::PackLimits,
    seats::{Direction, Epoch, Holders},
};

/// A request that would be sent: each of the assets for each of the holders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingRequest {
    /// Which way it moves licenses.
    pub direction: Direction,
    /// What is licensed.
    pub assets: BTreeSet<AssetKey>,
    /// For whom.
    pub holders: Holders,
}

/// The requests that would be sent now, the first one first. Nothing is written.
///
/// `rows` has to hold what [`decide_writing`] needs.
#[must_use]
pub fn pending_requests(rows: &TalkRows, limits: &PackLimits, now: DateTime<Utc>) -> Vec<PendingRequest> {
    let (_, requests) = decide_writing(rows, Epoch(0), limits, now, usize::MAX, now);
    requests
        .into_iter()
        .map(|request| PendingRequest {
            direction: request.direction,
            assets: request.assets,
            holders: request.holders,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::testing::house;

    #[test]
    fn what_is_pending_is_what_is_written_afterwards() {
        let mut house = house(9);
        let _ = house.wish(&["A", "B", "C"], &[]);
        let limits = PackLimits::new(25, 2, 2).unwrap();
        let pending = pending_requests(&house.rows, &limits, house.now);
        assert_eq!(pending, pending_requests(&house.rows, &limits, house.now), "asking changes nothing");
        let (_, written) = decide_writing(&house.rows, Epoch(1), &limits, house.now, 9, house.now);
        let written: Vec<_> = written.into_iter().map(|it| (it.direction, it.assets, it.holders)).collect();
        let pending: Vec<_> = pending.into_iter().map(|it| (it.direction, it.assets, it.holders)).collect();
        assert_eq!((pending.len(), pending), (2, written));
    }
}
