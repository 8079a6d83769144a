//! The job `RefreshUsers`: users for whom seats wait are read.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    decide::assignments::decide_refresh_seats,
    id::ClientUserId,
    seats::{Holder, NextAction, VppUser, VppUserStatus},
    transaction::Job,
};
use mdm_vpp_ports::{Seats, UsersPage, UsersQuery, VppUsers};

use crate::{
    context::seats_scope,
    sessions::{JobOutcome, LocationSession, SessionError},
};

/// Users of whom nothing is known that are read before other jobs run, and as many again for whom seats wait because
/// Apple did not know them. Our choice: each costs a call.
const USERS_AT_ONCE: usize = 100;
/// A user whom Apple did not know is read again after this many minutes. Our choice: a notification makes it sooner.
const UNKNOWN_MINUTES: i64 = 10;
/// The wait before the same users are read again, in seconds, and how often it is doubled at most. Our choice.
const SAME_USERS_SECONDS: i64 = 5;
const MOST_DOUBLED: u32 = 9;

/// Reads users of whom nothing is known, and those for whom seats wait because Apple did not know them, and decides again
/// about their seats.
pub(crate) async fn refresh_users(
    session: &mut LocationSession<'_>,
    job: &Job,
) -> Result<JobOutcome, SessionError> {
    let unknown = users_to_read(session).await?;
    for client_user_id in unknown.iter().chain(&users_awaited(session).await?) {
        read_user(session, client_user_id).await?;
    }
    let now = session.now();
    let left = users_to_read(session).await?;
    if left.is_empty() {
        return Ok(JobOutcome::Done);
    }
    // Others are read at once; the same ones, touched while they were read, after a while.
    let same = left.iter().any(|id| unknown.contains(id));
    let wait = if same { SAME_USERS_SECONDS << job.tries.min(MOST_DOUBLED) } else { 0 };
    Ok(JobOutcome::Requeue(job.rescheduled_in(now, TimeDelta::seconds(wait))))
}

async fn users_to_read(session: &LocationSession<'_>) -> Result<Vec<ClientUserId>, SessionError> {
    let scope = session.scope().users(VppUsers::ToRead(USERS_AT_ONCE));
    let rows = session.load(scope).await?;
    let users = rows.into_iter().flat_map(|rows| rows.users.into_values());
    Ok(users.filter(VppUser::is_to_be_read).map(|user| user.client_user_id).collect())
}

/// Users that Apple did not know some time ago, and for whom seats wait.
async fn users_awaited(session: &LocationSession<'_>) -> Result<Vec<ClientUserId>, SessionError> {
    let scope = session
        .scope()
        .seats(Seats::WithNextAction([NextAction::AwaitUser].into(), USERS_AT_ONCE))
        .users(VppUsers::OfSeats);
    let rows = session.load(scope).await?;
    let now = session.now();
    let long_ago = |at: DateTime<Utc>| now.signed_duration_since(at) >= TimeDelta::minutes(UNKNOWN_MINUTES);
    let users = rows.into_iter().flat_map(|rows| rows.users.into_values());
    let unregistered =
        users.filter(|user| user.status == VppUserStatus::Unregistered && long_ago(user.touched_at));
    Ok(unregistered.map(|user| user.client_user_id).collect())
}

async fn read_user(
    session: &mut LocationSession<'_>,
    client_user_id: &ClientUserId,
) -> Result<(), SessionError> {
    session.renew_lease().await?;
    let begun_at = session.now();
    let query = UsersQuery { client_user_id: Some(client_user_id.clone()), ..UsersQuery::default() };
    let page = session.read(session.service().users(session.secret(), &query)).await?;
    let read = vec![(client_user_id.clone(), status(&page, client_user_id))];
    let holder = Holder::User { client_user_id: client_user_id.clone() };
    let scope = seats_scope(session.lease(), Seats::OfHolder(holder))
        .users(VppUsers::These([client_user_id.clone()].into()));
    let now = session.now();
    Ok(session.save(scope, move |rows| decide_refresh_seats(rows, &read, begun_at, now)).await?)
}

/// What a page says of a user. A retired user keeps their row and may be registered again under the same id, so an active
/// row counts before retired ones.
fn status(page: &UsersPage, client_user_id: &ClientUserId) -> VppUserStatus {
    let rows =
        || page.users.iter().filter(|user| user.client_user_id == *client_user_id).map(|user| user.status);
    let active =
        |status: &VppUserStatus| matches!(status, VppUserStatus::Registered | VppUserStatus::Associated);
    rows().find(active).or_else(|| rows().next()).unwrap_or(VppUserStatus::Unregistered)
}
