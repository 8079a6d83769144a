//! Serving: licenses that are free go to those who wait for them.

use std::collections::BTreeSet;

use mdm_vpp_core::{
    decide::assignments::{decide_fill_waitlist, decide_retry_given_up},
    seats::{NextAction, SeatKey},
};
use mdm_vpp_ports::{LocationScope, Pools, Seats, VppUsers};

use super::{
    calls::{JobOutcome, SessionError},
    location_session::LocationSession,
    scopes,
};

/// So many of those who wait for one asset are looked at in one transaction.
const AT_ONCE: usize = 1_000;

impl LocationSession<'_> {
    /// Serves who waits, asset by asset, as far as licenses are free.
    pub(super) async fn fill_waitlist(&mut self) -> Result<JobOutcome, SessionError> {
        let given_up = Seats::WithNextAction([NextAction::GivenUp].into(), AT_ONCE);
        let (scope, now) = (scopes::seats_scope(&self.lease, given_up), self.parts.clock.now());
        self.save(scope, move |rows| decide_retry_given_up(rows, now)).await?;
        let scope = LocationScope { pools: Pools::All, ..scopes::location_scope(self.location(), None) };
        let Some(rows) = self.parts.load_location(self.tenant, scope).await? else {
            return Ok(JobOutcome::Done);
        };
        let assets = rows.pools.into_keys().map(|asset| (asset, AT_ONCE)).collect();
        let waiting = LocationScope { waitlist: assets, ..scopes::location_scope(self.location(), None) };
        loop {
            let rows = self.parts.load_location(self.tenant, waiting.clone()).await?;
            let wished: BTreeSet<SeatKey> =
                rows.iter().flat_map(|rows| &rows.waitlist).map(|wish| wish.seat.clone()).collect();
            if wished.is_empty() {
                return Ok(JobOutcome::Done);
            }
            self.renew_lease().await?;
            let scope = LocationScope {
                lease: Some(self.lease.clone()),
                pools: Pools::All,
                seats: Seats::These(wished.clone()),
                users: VppUsers::OfSeats,
                ..waiting.clone()
            };
            let now = self.parts.clock.now();
            let decide = move |rows: &_| decide_fill_waitlist(rows, &wished, now);
            if self.decide(scope, decide).await? == 0 {
                return Ok(JobOutcome::Done);
            }
        }
    }
}
