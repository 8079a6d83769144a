//! Fences that have passed: their seats are looked at.

use chrono::TimeDelta;
use mdm_vpp_core::{decide::assignments::decide_refresh_seats, seats::NextAction, transaction::Job};
use mdm_vpp_ports::{LocationScope, Seats};

use super::{
    calls::{JobOutcome, SessionError},
    location_session::LocationSession,
    pace::later,
    scopes,
};

/// So many fenced seats are looked at in one transaction.
const AT_ONCE: usize = 10_000;

impl LocationSession<'_> {
    /// Decides again about the seats behind fences. What is still fenced is due when the next fence passes.
    pub(super) async fn release_fences(&mut self, due: &Job) -> Result<JobOutcome, SessionError> {
        let fenced = || Seats::WithNextAction([NextAction::AwaitFence].into(), AT_ONCE);
        let now = self.parts.clock.now();
        let soon = later(now, TimeDelta::minutes(1));
        let scope = scopes::seats_scope(&self.lease, fenced());
        self.save(scope, move |rows| decide_refresh_seats(rows, &[], now, now)).await?;
        let scope = LocationScope { seats: fenced(), ..scopes::location_scope(self.location(), None) };
        let rows = self.parts.load_location(self.tenant, scope).await?;
        let fences = rows.iter().flat_map(|rows| rows.seats.values()).filter_map(|seat| seat.fence);
        let next = fences.map(|fence| fence.until).filter(|until| *until > now).min();
        // There may be more than were looked at.
        let full = rows.as_ref().is_some_and(|rows| rows.seats.len() >= AT_ONCE);
        let next = if full { Some(next.map_or(soon, |next| next.min(soon))) } else { next };
        Ok(next.map_or(JobOutcome::Done, |at| JobOutcome::Requeue(Job { at, tries: 0, ..due.clone() })))
    }
}
