//! The job `FillWaitlist`: free licenses go to the claimants that wait for them.

use std::collections::BTreeSet;

use mdm_vpp_core::{
    decide::assignments::{decide_fill_waitlist, decide_retry_given_up},
    seats::{NextAction, SeatKey},
};
use mdm_vpp_ports::{Pools, Seats, VppUsers};

use crate::{
    context::seats_scope,
    sessions::{JobOutcome, LocationSession, SessionError},
};

/// Entries of one asset's waitlist in one transaction, and seats that were given up. Our choice.
const AT_ONCE: usize = 1_000;

/// Fills the waitlists of all assets of the location, as far as licenses are free.
pub(crate) async fn fill_waitlist(session: &mut LocationSession<'_>) -> Result<JobOutcome, SessionError> {
    // Seats for which Apple had no license left come before the waitlist: one had been granted to them already.
    let given_up = Seats::WithNextAction([NextAction::GivenUp].into(), AT_ONCE);
    let (scope, now) = (seats_scope(session.lease(), given_up), session.now());
    session.save(scope, move |rows| decide_retry_given_up(rows, now)).await?;
    let scope = session.scope().pools(Pools::All);
    let Some(rows) = session.load(scope).await? else { return Ok(JobOutcome::Done) };
    let waitlists = session.scope().waitlist(rows.pools.into_keys().map(|asset| (asset, AT_ONCE)));
    loop {
        let rows = session.load(waitlists.clone()).await?;
        let entries = rows.iter().flat_map(|rows| &rows.waitlist);
        let claimants: BTreeSet<SeatKey> = entries.map(|entry| entry.seat.clone()).collect();
        if claimants.is_empty() {
            return Ok(JobOutcome::Done);
        }
        session.renew_lease().await?;
        let scope = waitlists
            .clone()
            .lease(session.lease().clone())
            .pools(Pools::All)
            .seats(Seats::These(claimants.clone()))
            .users(VppUsers::OfSeats);
        let now = session.now();
        let decide = move |rows: &_| decide_fill_waitlist(rows, &claimants, now);
        // When no entry left the list, no license is free: asking again would change nothing.
        if session.decide(scope, decide).await? == 0 {
            return Ok(JobOutcome::Done);
        }
    }
}
