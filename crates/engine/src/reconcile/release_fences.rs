//! The job `ReleaseFences`: seats whose fence has passed are decided about again.

use chrono::TimeDelta;
use mdm_vpp_core::{decide::assignments::decide_refresh_seats, seats::NextAction, transaction::Job};
use mdm_vpp_ports::Seats;

use crate::{
    context::{later, seats_scope},
    sessions::{JobOutcome, LocationSession, SessionError},
};

/// Fenced seats in one transaction. Our choice: as many as it can hold without keeping the tenant for long.
const SEATS_AT_ONCE: usize = 10_000;
/// When there may be more fenced seats than one transaction holds, the job runs again after this many minutes at the
/// latest. Our choice.
const NEXT_SEATS_MINUTES: i64 = 1;

/// Decides again about the seats behind fences. The job runs again when the next fence passes.
pub(crate) async fn release_fences(
    session: &mut LocationSession<'_>,
    job: &Job,
) -> Result<JobOutcome, SessionError> {
    let fenced = || Seats::WithNextAction([NextAction::AwaitFence].into(), SEATS_AT_ONCE);
    let now = session.now();
    let scope = seats_scope(session.lease(), fenced());
    session.save(scope, move |rows| decide_refresh_seats(rows, &[], now, now)).await?;
    let rows = session.load(session.scope().seats(fenced())).await?;
    let fences = rows.iter().flat_map(|rows| rows.seats.values()).filter_map(|seat| seat.fence);
    let mut next = fences.map(|fence| fence.until).filter(|until| *until > now).min();
    if rows.as_ref().is_some_and(|rows| rows.seats.len() >= SEATS_AT_ONCE) {
        // The fence that passes next may be behind a seat that was not loaded.
        let soon = later(now, TimeDelta::minutes(NEXT_SEATS_MINUTES));
        next = Some(next.map_or(soon, |next| next.min(soon)));
    }
    Ok(next.map_or(JobOutcome::Done, |at| JobOutcome::Requeue(Job { at, tries: 0, ..job.clone() })))
}
