//! The job `ReadBack`: the assignments of single holders, of whose seats nothing is known.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use mdm_vpp_core::{
    decide::assignments::{AssignmentsRead, Covers, decide_apply_read},
    seats::{Holder, NextAction, SeatKey},
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{AssignmentsQuery, Seats};

use super::reads::{any_seat, seat_keys};
use crate::{
    context::{later, seats_scope},
    sessions::{JobOutcome, LocationSession, SessionError, next_page},
};

/// At most this many holders are read one by one. Our choice: for more a full read costs fewer calls.
const MOST_HOLDERS: usize = 20;
/// A full read for many holders begins this many seconds after the last one began, at the earliest. Our choice.
const FULL_READS_APART_SECONDS: i64 = 60;
/// Seats that are loaded to count the holders. Our choice: more than enough to find that there are too many.
const SEATS_TO_COUNT: usize = 1_000;
/// The wait before the same holders are read again, in seconds, and how often it is doubled at most. Our choice.
const AGAIN_SECONDS: i64 = 5;
const MOST_DOUBLED: u32 = 9;

/// Reads the holders of seats of which nothing is known, or that were reported as given and never listed.
pub(crate) async fn read_back(
    session: &mut LocationSession<'_>,
    job: &Job,
) -> Result<JobOutcome, SessionError> {
    let mut holders = holders_of(session, [NextAction::ReadBack, NextAction::ReadDelta].into()).await?;
    // Seats whose fence has passed are still stored as fenced until they are decided about again.
    holders.extend(holders_of(session, [NextAction::AwaitFence].into()).await?);
    if holders.len() > MOST_HOLDERS {
        let rows = session.load(session.scope()).await?;
        let read_at = rows.and_then(|rows| rows.state.fully_read_at);
        let rested = read_at.map(|at| later(at, TimeDelta::seconds(FULL_READS_APART_SECONDS)));
        let now = session.now();
        let at = rested.unwrap_or(now).max(now);
        session.enqueue(|location| JobKind::ReadAssignments { location }, at).await?;
        return Ok(JobOutcome::Done);
    }
    for holder in holders {
        read_holder(session, holder).await?;
    }
    if !any_seat(session, NextAction::ReadBack).await? {
        return Ok(JobOutcome::Done);
    }
    // Touched meanwhile, so the reads said nothing of them.
    let wait = TimeDelta::seconds(AGAIN_SECONDS << job.tries.min(MOST_DOUBLED));
    Ok(JobOutcome::Requeue(job.rescheduled_in(session.now(), wait)))
}

/// The holders of seats with one of these next actions, unless a fence still stands before them.
async fn holders_of(
    session: &LocationSession<'_>,
    actions: BTreeSet<NextAction>,
) -> Result<BTreeSet<Holder>, SessionError> {
    let seats = Seats::WithNextAction(actions, SEATS_TO_COUNT);
    let rows = session.load(session.scope().seats(seats)).await?;
    let now = session.now();
    let seats = rows.into_iter().flat_map(|rows| rows.seats.into_values());
    let unfenced = seats.filter(|seat| seat.fence.is_none_or(|fence| fence.has_passed(now)));
    Ok(unfenced.map(|seat| seat.key.holder).collect())
}

/// Reads all assignments of a holder. What is not among them is not assigned to the holder.
async fn read_holder(session: &mut LocationSession<'_>, holder: Holder) -> Result<(), SessionError> {
    let begun_at = session.now();
    let mut query = match holder.clone() {
        Holder::Device { serial_number } => {
            AssignmentsQuery { serial_number: Some(serial_number), ..AssignmentsQuery::default() }
        }
        Holder::User { client_user_id } => {
            AssignmentsQuery { client_user_id: Some(client_user_id), ..AssignmentsQuery::default() }
        }
    };
    let mut listed: BTreeSet<SeatKey> = BTreeSet::new();
    loop {
        session.renew_lease().await?;
        let page = session.read(session.service().assignments(session.secret(), &query)).await?;
        let next = next_page(query.page, &page.page)?;
        listed.extend(seat_keys(session, page).into_iter().filter(|key| key.holder == holder));
        match next {
            Some(next) => query.page = next,
            None => break,
        }
    }
    // Only now: absence counts when the whole list of the holder was read.
    let scope = seats_scope(session.lease(), Seats::OfHolder(holder));
    let now = session.now();
    let decide = move |rows: &_| {
        let read = AssignmentsRead { begun_at, listed: &listed, covers: Covers::UpTo(None) };
        decide_apply_read(rows, &read, now).0
    };
    Ok(session.save(scope, decide).await?)
}
