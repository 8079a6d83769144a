//! Acts of people on many seats: in transactions of some thousand, so that none keeps the tenant for long.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    catalog::AssetKey,
    id::LocationId,
    location::LocationRows,
    plan::{Outcome, Report, ReportLine},
    seats::{Holder, SeatKey},
    transaction::{Decision, Loaded},
};
use mdm_vpp_ports::{LocationScope, Pools, Seats, StoreError, VppUsers};

use super::Tenant;
use crate::context::{TransactError, one_token};

/// Seats in one transaction. Our choice: it aims at 250 ms under the tenant's lock.
const SEATS_AT_ONCE: usize = 2_000;

/// The seats of a location on which an act falls.
#[derive(Debug, Clone)]
pub(super) enum Among {
    All,
    Asset(AssetKey),
    Holder(Holder),
}

impl Tenant {
    /// Decides about seats of a location in transactions, in the order of their keys, and puts the reports together. The
    /// whole waitlists are loaded in the first transaction, if they are asked for.
    ///
    /// When a transaction fails, those before it stay.
    pub(super) async fn in_chunks(
        &self,
        location: &LocationId,
        among: Among,
        with_waitlists: bool,
        decide: impl Fn(&LocationRows, DateTime<Utc>) -> (Decision, Report<SeatKey>)
        + Clone
        + Send
        + Sync
        + 'static,
    ) -> Result<Report<SeatKey>, StoreError> {
        let mut waitlists =
            if with_waitlists { self.whole_waitlists(location).await? } else { BTreeMap::new() };
        // A stack: the chunk that comes first lies on top.
        let mut chunks = match among {
            Among::All => vec![Seats::After(None, SEATS_AT_ONCE)],
            Among::Holder(holder) => vec![Seats::OfHolder(holder)],
            Among::Asset(asset) => self.chunks_of_asset(location, asset).await?,
        };
        let mut outcomes: BTreeMap<SeatKey, Outcome> = BTreeMap::new();
        while let Some(seats) = chunks.pop() {
            let goes_on = matches!(seats, Seats::After(..));
            let scope = LocationScope::of(location.clone())
                .pools(Pools::All)
                .seats(seats)
                .users(VppUsers::OfSeats)
                .waitlist(std::mem::take(&mut waitlists));
            let (report, last) = self.one_chunk(location, scope, decide.clone()).await?;
            outcomes.extend(report.lines.into_iter().map(|line| (line.id, line.outcome)));
            if let Some(after) = last.filter(|_| goes_on) {
                chunks.push(Seats::After(Some(after), SEATS_AT_ONCE));
            }
        }
        let line = |(id, outcome)| ReportLine { id, outcome, abandons: None };
        Ok(Report { lines: outcomes.into_iter().map(line).collect() })
    }

    /// One transaction, and the last seat that it loaded if there may be more.
    async fn one_chunk(
        &self,
        location: &LocationId,
        scope: LocationScope,
        decide: impl Fn(&LocationRows, DateTime<Utc>) -> (Decision, Report<SeatKey>) + Send + Sync + 'static,
    ) -> Result<(Report<SeatKey>, Option<SeatKey>), StoreError> {
        let scope = one_token(location).location(scope);
        let (of, now) = (location.clone(), self.context().now());
        let decide = move |loaded: &Loaded| {
            let (Some(_), Some(rows)) = (loaded.token(&of), &loaded.location) else {
                return Err(StoreError::UnknownToken { location: of.clone() });
            };
            let (decision, report) = decide(rows, now);
            let last = rows.seats.keys().next_back().filter(|_| rows.seats.len() >= SEATS_AT_ONCE);
            Ok((decision, (report, last.cloned())))
        };
        self.context().transact(self.id(), &scope, decide).await.map_err(TransactError::into_store)
    }

    /// The seats of an asset as they are now, the first chunk last.
    async fn chunks_of_asset(
        &self,
        location: &LocationId,
        asset: AssetKey,
    ) -> Result<Vec<Seats>, StoreError> {
        let scope = LocationScope::of(location.clone()).seats(Seats::OfAsset(asset));
        let rows = self.context().load_location(self.id(), scope).await?;
        let keys: Vec<SeatKey> = rows.map(|rows| rows.seats.into_keys().collect()).unwrap_or_default();
        let these = |some: &[SeatKey]| Seats::These(some.iter().cloned().collect::<BTreeSet<_>>());
        let mut chunks: Vec<Seats> = keys.chunks(SEATS_AT_ONCE).map(these).collect();
        if chunks.is_empty() {
            // An asset without seats may still have a waitlist, which the first chunk brings.
            chunks.push(Seats::None);
        }
        chunks.reverse();
        Ok(chunks)
    }

    async fn whole_waitlists(&self, location: &LocationId) -> Result<BTreeMap<AssetKey, usize>, StoreError> {
        let scope = LocationScope::of(location.clone()).pools(Pools::All);
        let rows = self.context().load_location(self.id(), scope).await?;
        let assets = rows.into_iter().flat_map(|rows| rows.pools.into_keys());
        Ok(assets.map(|asset| (asset, usize::MAX)).collect())
    }
}
