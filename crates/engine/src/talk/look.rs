//! Looking: whether Apple lists the licenses of which nothing is known.

use std::collections::BTreeSet;

use mdm_vpp_core::{
    seats::{Agenda, Holder, SeatKey},
    talk::{Covers, Reading, decide_reading},
    turn::DueKind,
};
use mdm_vpp_ports::{AssignmentsAsked, Seats, TalkScope};

use super::{
    calls::{Left, TalkError},
    scopes,
    talker::Talker,
};

/// Up to so many holders are read one by one; for more a full walk costs less.
const MOST_HOLDERS: usize = 20;
/// So many seats are looked at to count the holders.
const LOOKED_AT: usize = 1_000;

impl Talker<'_> {
    /// Reads the holders of seats of which nothing is known, or that were reported as given and never listed.
    pub(super) async fn look(&mut self) -> Result<Left, TalkError> {
        let agendas = [Agenda::Look, Agenda::Confirm, Agenda::Fenced].into();
        let scope =
            TalkScope { seats: Seats::OnAgenda(agendas, LOOKED_AT), ..scopes::talk(self.location(), None) };
        let Some(rows) = self.parts.load_talk(self.tenant, scope).await? else { return Ok(Left::Nothing) };
        let now = self.parts.clock.now();
        let is_wanted =
            |seat: &&mdm_vpp_core::seats::Seat| seat.fence.is_none_or(|fence| fence.has_passed(now));
        let holders: BTreeSet<Holder> =
            rows.seats.values().filter(is_wanted).map(|seat| seat.key.holder.clone()).collect();
        if holders.len() > MOST_HOLDERS {
            self.note(|location| DueKind::Walk { location }).await?;
            return Ok(Left::Nothing);
        }
        for holder in holders {
            self.read_holder(holder).await?;
        }
        Ok(Left::Nothing)
    }

    async fn read_holder(&mut self, holder: Holder) -> Result<(), TalkError> {
        let begun_at = self.parts.clock.now();
        let mut asked = match &holder {
            Holder::Device { serial_number } => {
                AssignmentsAsked { serial_number: Some(serial_number.clone()), ..AssignmentsAsked::default() }
            }
            Holder::User { client_user_id } => AssignmentsAsked {
                client_user_id: Some(client_user_id.clone()),
                ..AssignmentsAsked::default()
            },
        };
        let mut listed: BTreeSet<SeatKey> = BTreeSet::new();
        loop {
            self.stay().await?;
            let page = self.read(self.service.assignments(&self.secret, &asked)).await?;
            let next = page.page.next;
            listed.extend(self.keys(page).into_iter().filter(|key| key.holder == holder));
            match next {
                Some(next) => asked.page = next,
                None => break,
            }
        }
        let scope = scopes::seats(&self.lease, Seats::OfHolder(holder));
        let now = self.parts.clock.now();
        let decide = move |rows: &_| {
            decide_reading(rows, &Reading { begun_at, listed: &listed, covers: Covers::UpTo(None) }, now).0
        };
        Ok(self.save(scope, decide).await?)
    }
}
