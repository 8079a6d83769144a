//! Members: users for whom seats wait are read.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    decide::assignments::decide_refresh_seats,
    id::ClientUserId,
    seats::{NextAction, VppUser, VppUserStatus},
    transaction::Job,
};
use mdm_vpp_ports::{LocationScope, Seats, UsersPage, UsersQuery, VppUsers};

use super::{
    calls::{JobOutcome, SessionError},
    location_session::LocationSession,
    scopes,
};

/// So many users of whom nothing is known are read before other work gets its transaction, and as many again for whom seats wait
/// because Apple did not know them.
const AT_ONCE: usize = 100;
/// A user whom Apple did not know is not read again for so many minutes.
const UNKNOWN_MINUTES: i64 = 10;

impl LocationSession<'_> {
    /// Reads users of whom nothing is known, and those for whom seats wait because Apple did not know them, and decides
    /// again about their seats.
    pub(super) async fn refresh_users(&mut self, due: &Job) -> Result<JobOutcome, SessionError> {
        let unknown = self.users_to_read().await?;
        for client_user_id in unknown.iter().chain(&self.users_waited_for().await?) {
            self.read_user(client_user_id).await?;
        }
        let now = self.parts.clock.now();
        let again = self.users_to_read().await?;
        if again.is_empty() {
            return Ok(JobOutcome::Done);
        }
        // Others at once; the same ones, touched while they were read, after a while.
        let wait = if again.iter().any(|id| unknown.contains(id)) { 5i64 << due.tries.min(9) } else { 0 };
        Ok(JobOutcome::Requeue(due.rescheduled_in(now, TimeDelta::seconds(wait))))
    }

    async fn users_to_read(&self) -> Result<Vec<ClientUserId>, SessionError> {
        let scope = LocationScope {
            users: VppUsers::ToRead(AT_ONCE),
            ..scopes::location_scope(self.location(), None)
        };
        let rows = self.parts.load_location(self.tenant, scope).await?;
        let members = rows.into_iter().flat_map(|rows| rows.users.into_values());
        Ok(members.filter(VppUser::is_to_be_read).map(|member| member.client_user_id).collect())
    }

    async fn users_waited_for(&self) -> Result<Vec<ClientUserId>, SessionError> {
        let waiting = Seats::WithNextAction([NextAction::AwaitUser].into(), AT_ONCE);
        let scope = LocationScope {
            seats: waiting,
            users: VppUsers::OfSeats,
            ..scopes::location_scope(self.location(), None)
        };
        let rows = self.parts.load_location(self.tenant, scope).await?;
        let now = self.parts.clock.now();
        let long_ago =
            |at: DateTime<Utc>| now.signed_duration_since(at) >= TimeDelta::minutes(UNKNOWN_MINUTES);
        let members = rows.into_iter().flat_map(|rows| rows.users.into_values());
        let unregistered = members
            .filter(|member| member.status == VppUserStatus::Unregistered && long_ago(member.touched_at));
        Ok(unregistered.map(|member| member.client_user_id).collect())
    }

    async fn read_user(&mut self, client_user_id: &ClientUserId) -> Result<(), SessionError> {
        self.renew_lease().await?;
        let begun_at = self.parts.clock.now();
        let asked = UsersQuery { client_user_id: Some(client_user_id.clone()), ..UsersQuery::default() };
        let page = self.read(self.service.users(&self.secret, &asked)).await?;
        let read = vec![(client_user_id.clone(), status(&page, client_user_id))];
        let holder = mdm_vpp_core::seats::Holder::User { client_user_id: client_user_id.clone() };
        let scope = LocationScope {
            users: VppUsers::These([client_user_id.clone()].into()),
            ..scopes::seats_scope(&self.lease, Seats::OfHolder(holder))
        };
        let now = self.parts.clock.now();
        Ok(self.save(scope, move |rows| decide_refresh_seats(rows, &read, begun_at, now)).await?)
    }
}

/// What a page says of a user: an active row counts before retired ones of the same id.
fn status(page: &UsersPage, client_user_id: &ClientUserId) -> VppUserStatus {
    let rows =
        || page.users.iter().filter(|user| user.client_user_id == *client_user_id).map(|user| user.status);
    let active =
        |status: &VppUserStatus| matches!(status, VppUserStatus::Registered | VppUserStatus::Associated);
    rows().find(active).or_else(|| rows().next()).unwrap_or(VppUserStatus::Unregistered)
}
