//! The job `ReadDelta`: the assignments that changed since a version, which list what Apple reported as given, many at
//! once.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    decide::assignments::decide_apply_notifications,
    seats::NextAction,
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{AssignmentsPage, AssignmentsQuery, Requests, Seats};

use super::reads::apply_page;
use crate::{
    context::{later, requests_scope},
    sessions::{JobOutcome, LocationSession, SessionError, is_out_of_range, next_page},
};

/// Apple's number for "unknown version": a full read is needed.
const UNKNOWN_VERSION: u32 = 9721;
/// A license that Apple reported as given and that no delta lists within this many seconds is read back. Our choice.
const LISTED_WITHIN_SECONDS: i64 = 120;
/// The wait between two delta reads, in seconds, and how often it is doubled at most. Our choice.
const APART_SECONDS: i64 = 2;
const MOST_DOUBLED: u32 = 4;
/// The same for what was reported at a time that has not come yet, because the clock jumped back.
const MOST_DOUBLED_AHEAD: u32 = 9;

/// Reads the delta until it lists what Apple reported as given, by an answer or by notifications.
///
/// The delta comes before the notifications: a license that it lists while its request is under way is confirmed when the
/// request is known to be over. One that became known in the same instant as the delta began is not, and no later delta
/// would list it.
pub(crate) async fn read_delta(
    session: &mut LocationSession<'_>,
    job: &Job,
) -> Result<JobOutcome, SessionError> {
    let rows = session.load(session.scope()).await?;
    let was_read = match rows.and_then(|rows| rows.state.version) {
        Some(version) => read_known_delta(session, version).await?,
        None => false,
    };
    apply_notifications(session).await?;
    if !was_read && enqueue_full_read(session).await? {
        return Ok(JobOutcome::Done);
    }
    let Some(reported_at) = first_reported(session).await? else { return Ok(JobOutcome::Done) };
    let now = session.now();
    if now.signed_duration_since(reported_at) >= TimeDelta::seconds(LISTED_WITHIN_SECONDS) {
        session.enqueue(|location| JobKind::ReadBack { location }, session.now()).await?;
        return Ok(JobOutcome::Done);
    }
    // What was touched before the clock jumped back is confirmed when the clock has come there again.
    let most_doubled = if reported_at > now { MOST_DOUBLED_AHEAD } else { MOST_DOUBLED };
    let wait = TimeDelta::seconds(APART_SECONDS << job.tries.min(most_doubled));
    Ok(JobOutcome::Requeue(job.rescheduled_in(now, wait)))
}

/// When the first of the licenses was reported as given that no read has listed yet, UTC.
async fn first_reported(session: &LocationSession<'_>) -> Result<Option<DateTime<Utc>>, SessionError> {
    let reported = Seats::WithNextAction([NextAction::ReadDelta].into(), 1);
    let rows = session.load(session.scope().seats(reported)).await?;
    Ok(rows.and_then(|rows| rows.seats.into_values().next()).map(|seat| seat.touched_at))
}

/// Enqueues a full read, because no delta can be read: at once, and then once an hour. Where Apple knows none of its
/// versions, or names none, the next full read ends without a delta too, and what has to be confirmed meanwhile is read
/// back. Says whether the full read runs now.
async fn enqueue_full_read(session: &LocationSession<'_>) -> Result<bool, SessionError> {
    let kind = JobKind::ReadAssignments { location: session.location().clone() };
    let now = session.now();
    let at = session.sessions().at_most_hourly(&kind, session.generation(), now);
    session.enqueue(|_| kind, at).await?;
    Ok(at <= now)
}

/// Reads the delta; `false` when Apple does not know the version any more.
async fn read_known_delta(session: &mut LocationSession<'_>, since: String) -> Result<bool, SessionError> {
    // A read says nothing of seats that were touched in the instant in which it begins, so it begins in a later one.
    let after_touches = later(session.now(), TimeDelta::milliseconds(1));
    session.context().wait_until(after_touches).await;
    match read_delta_since(session, since).await {
        Err(error) if error.has_number(UNKNOWN_VERSION) => Ok(false),
        read => read.map(|()| true),
    }
}

/// Ends the requests that notifications name as a whole.
async fn apply_notifications(session: &LocationSession<'_>) -> Result<(), SessionError> {
    let scope = session.scope().requests(Requests::Open).notified_events();
    let rows = session.load(scope).await?;
    if rows.is_none_or(|rows| rows.notified_events.is_empty()) {
        return Ok(());
    }
    let scope = requests_scope(session.lease(), Requests::Open).notified_events();
    let now = session.now();
    Ok(session.save(scope, move |rows| decide_apply_notifications(rows, now)).await?)
}

/// Reads what changed since a version, and keeps the version up to which everything was read.
async fn read_delta_since(session: &mut LocationSession<'_>, since: String) -> Result<(), SessionError> {
    let mut query = AssignmentsQuery { since_version: Some(since), ..AssignmentsQuery::default() };
    let mut first_version = None;
    loop {
        session.renew_lease().await?;
        let begun_at = session.now();
        let page = match session.read(session.service().assignments(session.secret(), &query)).await {
            // The list has become shorter, and all that is left of it was read.
            Err(error) if query.page > 0 && is_out_of_range(&error) => AssignmentsPage::default(),
            read => read?,
        };
        // The version of the first page: what changed while later pages were read comes with the next delta.
        first_version = first_version.or_else(|| page.page.version_id.clone());
        let next = next_page(query.page, &page.page)?;
        // Only the last page moves the version on, so a delta that breaks off is read again from where it began.
        let reached = if next.is_none() { first_version.clone() } else { None };
        apply_page(session, page, begun_at, reached).await?;
        match next {
            Some(next) => query.page = next,
            None => return Ok(()),
        }
    }
}
