//! What would be sent: the requests that queued seats are good for, without writing them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    catalog::AssetKey,
    plan::PackLimits,
    seats::{Direction, Epoch, Holders},
};
use crate::{decide::assignments::decide_write_request, location::LocationRows};

/// A request that would be sent: each of the assets for each of the holders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewedRequest {
    /// Which way it moves licenses.
    pub direction: Direction,
    /// What is licensed.
    pub assets: BTreeSet<AssetKey>,
    /// For whom.
    pub holders: Holders,
}

/// The requests that would be sent now, the first one first. Nothing is written.
///
/// `rows` has to hold what [`decide_write_request`] needs.
#[must_use]
pub fn preview_requests(
    rows: &LocationRows,
    limits: &PackLimits,
    now: DateTime<Utc>,
) -> Vec<PreviewedRequest> {
    let (_, requests) = decide_write_request(rows, Epoch(0), limits, now, usize::MAX, now);
    requests
        .into_iter()
        .map(|request| PreviewedRequest {
            direction: request.direction,
            assets: request.assets,
            holders: request.holders,
        })
        .collect()
}
