//! What the jobs share that read assignments: fetching a page, applying what a page lists, and asking whether any seat
//! still needs a read.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use mdm_vpp_core::{
    decide::assignments::{AssignmentsRead, Covers, decide_apply_read},
    location::{FullReadPage, LocationChanges, LocationRows, LocationState},
    seats::{NextAction, SeatKey},
};
use mdm_vpp_ports::{Assignment, AssignmentsPage, AssignmentsQuery, Pools, Seats};

use crate::{
    context::seats_scope,
    sessions::{LocationSession, SessionError, is_out_of_range, next_page},
};

/// Reads a page of all assignments; `None` when the list has become shorter.
pub(crate) async fn read_page(
    session: &LocationSession<'_>,
    page: u32,
) -> Result<Option<AssignmentsPage>, SessionError> {
    let query = AssignmentsQuery { page, ..AssignmentsQuery::default() };
    match session.read(session.service().assignments(session.secret(), &query)).await {
        Err(error) if is_out_of_range(&error) => Ok(None),
        read => read.map(Some),
    }
}

/// A page of a full read as it is kept.
pub(crate) fn kept_page(page: u32, read: AssignmentsPage) -> Result<FullReadPage, SessionError> {
    let next = next_page(page, &read.page)?;
    let pairs = read.assignments.into_iter().map(|assignment| (assignment.asset, assignment.holder));
    Ok(FullReadPage::of(page, next, pairs))
}

/// Saves what a page lists that says nothing of other seats; on the last page of a delta read, the version that was
/// reached.
pub(super) async fn apply_page(
    session: &LocationSession<'_>,
    page: AssignmentsPage,
    begun_at: DateTime<Utc>,
    version: Option<String>,
) -> Result<(), SessionError> {
    let listed = seat_keys(session, page);
    let scope = seats_scope(session.lease(), Seats::These(listed.clone())).pools(Pools::All);
    let now = session.now();
    let decide = move |rows: &LocationRows| {
        let read = AssignmentsRead { begun_at, listed: &listed, covers: Covers::Nothing };
        let (mut decision, _) = decide_apply_read(rows, &read, now);
        if let Some(version) = &version {
            let state = LocationState { version: Some(version.clone()), ..rows.state.clone() };
            decision.location = LocationChanges { state: Some(state), ..decision.location };
        }
        decision
    };
    Ok(session.save(scope, decide).await?)
}

/// The seats that a page lists.
pub(super) fn seat_keys(session: &LocationSession<'_>, page: AssignmentsPage) -> BTreeSet<SeatKey> {
    let key = |assignment: Assignment| SeatKey {
        location: session.location().clone(),
        asset: assignment.asset,
        holder: assignment.holder,
    };
    page.assignments.into_iter().map(key).collect()
}

/// Whether any seat has this next action.
pub(super) async fn any_seat(
    session: &LocationSession<'_>,
    action: NextAction,
) -> Result<bool, SessionError> {
    let scope = session.scope().seats(Seats::WithNextAction([action].into(), 1));
    Ok(session.load(scope).await?.is_some_and(|rows| !rows.seats.is_empty()))
}
