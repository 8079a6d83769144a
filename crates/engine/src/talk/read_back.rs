//! Looking: whether Apple lists the licenses of which nothing is known.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use mdm_vpp_core::{
    decide::assignments::{AssignmentsRead, Covers, decide_apply_read},
    seats::{Holder, NextAction, SeatKey},
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{AssignmentsQuery, LocationScope, Seats};

use super::{
    calls::{JobOutcome, SessionError},
    location_session::LocationSession,
    pace::later,
    pages::next_page,
    scopes,
};

/// Up to so many holders are read one by one; for more a full walk costs less.
const MOST_HOLDERS: usize = 20;
/// A walk for many holders begins no sooner than so many seconds after the last one began.
const FULL_READS_APART_SECONDS: i64 = 60;
/// So many seats are looked at to count the holders.
const LOOKED_AT: usize = 1_000;
/// The wait for another look is doubled so often.
const MOST_DOUBLED: u32 = 9;

impl LocationSession<'_> {
    /// Reads the holders of seats of which nothing is known, or that were reported as given and never listed.
    pub(super) async fn read_back(&mut self, due: &Job) -> Result<JobOutcome, SessionError> {
        let mut holders = self.holders_on([NextAction::ReadBack, NextAction::ReadDelta].into()).await?;
        holders.extend(self.holders_on([NextAction::AwaitFence].into()).await?);
        if holders.len() > MOST_HOLDERS {
            let rows =
                self.parts.load_location(self.tenant, scopes::location_scope(self.location(), None)).await?;
            let walked_at = rows.and_then(|rows| rows.state.fully_read_at);
            let rested = walked_at.map(|at| later(at, TimeDelta::seconds(FULL_READS_APART_SECONDS)));
            let now = self.parts.clock.now();
            let due = Job::at(
                JobKind::ReadAssignments { location: self.location().clone() },
                rested.unwrap_or(now).max(now),
            );
            self.parts.store.enqueue(self.tenant, &[due]).await?;
            return Ok(JobOutcome::Done);
        }
        for holder in holders {
            self.read_holder(holder).await?;
        }
        if !self.is_any(NextAction::ReadBack).await? {
            return Ok(JobOutcome::Done);
        }
        // Touched meanwhile, so what was read says nothing of them.
        let wait = TimeDelta::seconds(5i64 << due.tries.min(MOST_DOUBLED));
        Ok(JobOutcome::Requeue(due.rescheduled_in(self.parts.clock.now(), wait)))
    }

    /// The holders of seats on an agenda, behind no fence that stands.
    async fn holders_on(&self, agendas: BTreeSet<NextAction>) -> Result<BTreeSet<Holder>, SessionError> {
        let scope = LocationScope {
            seats: Seats::WithNextAction(agendas, LOOKED_AT),
            ..scopes::location_scope(self.location(), None)
        };
        let rows = self.parts.load_location(self.tenant, scope).await?;
        let now = self.parts.clock.now();
        let seats = rows.into_iter().flat_map(|rows| rows.seats.into_values());
        let reachable = seats.filter(|seat| seat.fence.is_none_or(|fence| fence.has_passed(now)));
        Ok(reachable.map(|seat| seat.key.holder).collect())
    }

    async fn read_holder(&mut self, holder: Holder) -> Result<(), SessionError> {
        let begun_at = self.parts.clock.now();
        let mut asked = match &holder {
            Holder::Device { serial_number } => {
                AssignmentsQuery { serial_number: Some(serial_number.clone()), ..AssignmentsQuery::default() }
            }
            Holder::User { client_user_id } => AssignmentsQuery {
                client_user_id: Some(client_user_id.clone()),
                ..AssignmentsQuery::default()
            },
        };
        let mut listed: BTreeSet<SeatKey> = BTreeSet::new();
        loop {
            self.renew_lease().await?;
            let page = self.read(self.service.assignments(&self.secret, &asked)).await?;
            let next = next_page(asked.page, &page.page)?;
            listed.extend(self.keys(page).into_iter().filter(|key| key.holder == holder));
            match next {
                Some(next) => asked.page = next,
                None => break,
            }
        }
        let scope = scopes::seats_scope(&self.lease, Seats::OfHolder(holder));
        let now = self.parts.clock.now();
        let decide = move |rows: &_| {
            decide_apply_read(
                rows,
                &AssignmentsRead { begun_at, listed: &listed, covers: Covers::UpTo(None) },
                now,
            )
            .0
        };
        Ok(self.save(scope, decide).await?)
    }
}
