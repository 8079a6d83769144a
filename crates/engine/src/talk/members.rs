//! Members: users for whom seats wait are read.

use mdm_vpp_core::{
    id::ClientUserId,
    seats::{Agenda, MemberStatus, MemberStep},
    talk::decide_again,
    turn::Due,
};
use mdm_vpp_ports::{Members, Seats, TalkScope, UsersAsked, UsersPage};

use super::{
    calls::{Left, TalkError},
    scopes,
    talker::Talker,
};

/// So many users are read in one turn.
const AT_ONCE: usize = 100;

impl Talker<'_> {
    /// Reads the users of whom nothing is known, and decides again about the seats that wait for them.
    pub(super) async fn read_members(&mut self, due: &Due) -> Result<Left, TalkError> {
        let scope = TalkScope { members: Members::ToDo(AT_ONCE), ..scopes::talk(self.location(), None) };
        let Some(rows) = self.parts.load_talk(self.tenant, scope).await? else { return Ok(Left::Nothing) };
        let unknown: Vec<ClientUserId> = rows
            .members
            .values()
            .filter(|member| member.step() == MemberStep::Look)
            .map(|member| member.client_user_id.clone())
            .collect();
        for client_user_id in &unknown {
            self.stay().await?;
            let begun_at = self.parts.clock.now();
            let asked = UsersAsked { client_user_id: Some(client_user_id.clone()), ..UsersAsked::default() };
            let page = self.read(self.service.users(&self.secret, &asked)).await?;
            let read = vec![(client_user_id.clone(), status(&page, client_user_id))];
            let waiting = Seats::OnAgenda([Agenda::Member].into(), usize::MAX);
            let scope = TalkScope { members: Members::OfSeats, ..scopes::seats(&self.lease, waiting) };
            let now = self.parts.clock.now();
            self.save(scope, move |rows| decide_again(rows, &read, begun_at, now)).await?;
        }
        let more = unknown.len() == AT_ONCE;
        Ok(if more { Left::Again(Due::at(due.kind.clone(), self.parts.clock.now())) } else { Left::Nothing })
    }
}

/// What a page says of a user: an active row counts before retired ones of the same id.
fn status(page: &UsersPage, client_user_id: &ClientUserId) -> MemberStatus {
    let rows =
        || page.users.iter().filter(|user| user.client_user_id == *client_user_id).map(|user| user.status);
    let active =
        |status: &MemberStatus| matches!(status, MemberStatus::Registered | MemberStatus::Associated);
    rows().find(active).or_else(|| rows().next()).unwrap_or(MemberStatus::Unregistered)
}
