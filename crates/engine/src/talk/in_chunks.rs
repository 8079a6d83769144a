//! Acts of people on many seats: in transactions of some thousand, so that none holds the tenant for long.

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
use mdm_vpp_ports::{LoadScope, LocationScope, Pools, Seats, StoreError, VppUsers};

use super::scopes;
use crate::{
    Tenant,
    transact::{TransactError, one_token},
};

/// So many seats are decided about in one transaction.
const AT_ONCE: usize = 2_000;

/// On which seats of a location an act falls.
#[derive(Debug, Clone)]
pub(super) enum Among {
    All,
    Asset(AssetKey),
    Holder(Holder),
}

impl Tenant {
    /// Decides about seats of a location in transactions, in the order of their keys, and puts the reports together. The wishes
    /// that wait are in the first transaction, all of them, if they are asked for.
    ///
    /// When a transaction fails, those before it stay.
    pub(super) async fn in_chunks(
        &self,
        token: &LocationId,
        among: Among,
        with_waiting: bool,
        decide: impl Fn(&LocationRows, DateTime<Utc>) -> (Decision, Report<SeatKey>)
        + Clone
        + Send
        + Sync
        + 'static,
    ) -> Result<Report<SeatKey>, StoreError> {
        let mut waiting = if with_waiting { self.all_waiting(token).await? } else { BTreeMap::new() };
        let mut stretches = match among {
            Among::All => vec![Seats::After(None, AT_ONCE)],
            Among::Holder(holder) => vec![Seats::OfHolder(holder)],
            Among::Asset(asset) => self.stretches_of(token, asset).await?,
        };
        let mut outcomes: BTreeMap<SeatKey, Outcome> = BTreeMap::new();
        while let Some(seats) = stretches.pop() {
            let goes_on = matches!(seats, Seats::After(..));
            let scope = LocationScope {
                pools: Pools::All,
                seats,
                users: VppUsers::OfSeats,
                waitlist: std::mem::take(&mut waiting),
                ..scopes::location_scope(token, None)
            };
            let (report, next) = self.one_chunk(token, scope, decide.clone()).await?;
            outcomes.extend(report.lines.into_iter().map(|line| (line.id, line.outcome)));
            if let Some(after) = next.filter(|_| goes_on) {
                stretches.push(Seats::After(Some(after), AT_ONCE));
            }
        }
        let line = |(id, outcome)| ReportLine { id, outcome, abandons: None };
        Ok(Report { lines: outcomes.into_iter().map(line).collect() })
    }

    /// One transaction, and the last seat that it looked at if there may be more.
    async fn one_chunk(
        &self,
        token: &LocationId,
        scope: LocationScope,
        decide: impl Fn(&LocationRows, DateTime<Utc>) -> (Decision, Report<SeatKey>) + Send + Sync + 'static,
    ) -> Result<(Report<SeatKey>, Option<SeatKey>), StoreError> {
        let scope = LoadScope { location: Some(scope), ..one_token(token) };
        let (of, now) = (token.clone(), self.parts.clock.now());
        let decide = move |loaded: &Loaded| {
            let (Some(_), Some(rows)) = (loaded.token(&of), &loaded.location) else {
                return Err(StoreError::UnknownToken { location: of.clone() });
            };
            let (decision, report) = decide(rows, now);
            let last = rows.seats.keys().next_back().filter(|_| rows.seats.len() >= AT_ONCE);
            Ok((decision, (report, last.cloned())))
        };
        self.parts.transact(&self.id, &scope, decide).await.map_err(|error| match error {
            TransactError::Refused(error) | TransactError::Store(error) => error,
        })
    }

    /// The seats of an asset as they are now, the first ones last.
    async fn stretches_of(&self, token: &LocationId, asset: AssetKey) -> Result<Vec<Seats>, StoreError> {
        let scope = LocationScope { seats: Seats::OfAsset(asset), ..scopes::location_scope(token, None) };
        let rows = self.parts.load_location(&self.id, scope).await?;
        let keys: Vec<SeatKey> = rows.map(|rows| rows.seats.into_keys().collect()).unwrap_or_default();
        let these = |some: &[SeatKey]| Seats::These(some.iter().cloned().collect::<BTreeSet<_>>());
        let mut stretches: Vec<Seats> = keys.chunks(AT_ONCE).map(these).collect();
        if stretches.is_empty() {
            // Somebody may wait all the same.
            stretches.push(Seats::None);
        }
        stretches.reverse();
        Ok(stretches)
    }

    async fn all_waiting(&self, token: &LocationId) -> Result<BTreeMap<AssetKey, usize>, StoreError> {
        let scope = LocationScope { pools: Pools::All, ..scopes::location_scope(token, None) };
        let rows = self.parts.load_location(&self.id, scope).await?;
        Ok(rows
            .into_iter()
            .flat_map(|rows| rows.pools.into_keys())
            .map(|asset| (asset, usize::MAX))
            .collect())
    }
}
