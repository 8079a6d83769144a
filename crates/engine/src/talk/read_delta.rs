//! Confirming: the delta of the assignments lists what was given, many at once.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    decide::assignments::{AssignmentsRead, Covers, decide_apply_notifications, decide_apply_read},
    location::{LocationChanges, LocationState},
    seats::{NextAction, SeatKey},
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::{AssignmentsPage, AssignmentsQuery, LocationScope, Pools, Requests, Seats};

use super::{
    calls::{JobOutcome, SessionError},
    location_session::LocationSession,
    pace::later,
    pages::{is_out_of_range, next_page},
    scopes,
};

/// "Unknown version": a full walk is needed.
const UNKNOWN_VERSION: u32 = 9721;
/// A license that was reported as given and that no delta lists within so many seconds is looked for. Our choice.
const LISTED_WITHIN_SECONDS: i64 = 120;
/// The wait between two deltas is doubled so often.
const MOST_DOUBLED: u32 = 4;
/// The same for what was told at a time that has not come yet.
const MOST_DOUBLED_AHEAD: u32 = 9;

impl LocationSession<'_> {
    /// Reads the delta until it lists what Apple reported as given, by an answer or by notifications.
    ///
    /// The delta comes before the notifications: a license that it lists while its request is under way is confirmed when
    /// the request is known to be over, whereas one that became known in the same instant as the delta began is not, and
    /// no later delta would list it.
    pub(super) async fn read_delta(&mut self, due: &Job) -> Result<JobOutcome, SessionError> {
        let rows =
            self.parts.load_location(self.tenant, scopes::location_scope(self.location(), None)).await?;
        let whole = match rows.and_then(|rows| rows.state.version) {
            Some(version) => self.read_known_delta(version).await?,
            None => false,
        };
        self.apply_notifications().await?;
        if !whole && self.reads_all_at_once().await? {
            return Ok(JobOutcome::Done);
        }
        let Some(told_at) = self.first_reported().await? else { return Ok(JobOutcome::Done) };
        let now = self.parts.clock.now();
        if now.signed_duration_since(told_at) >= TimeDelta::seconds(LISTED_WITHIN_SECONDS) {
            self.enqueue(|location| JobKind::ReadBack { location }).await?;
            return Ok(JobOutcome::Done);
        }
        // What was touched before the clock jumped back is confirmed when the clock has come there again.
        let most_doubled = if told_at > now { MOST_DOUBLED_AHEAD } else { MOST_DOUBLED };
        let wait = TimeDelta::seconds(2i64 << due.tries.min(most_doubled));
        Ok(JobOutcome::Requeue(due.rescheduled_in(now, wait)))
    }

    /// When the first of the licenses was reported as given that no reading has listed yet, UTC.
    async fn first_reported(&self) -> Result<Option<DateTime<Utc>>, SessionError> {
        let told = Seats::WithNextAction([NextAction::ReadDelta].into(), 1);
        let scope = LocationScope { seats: told, ..scopes::location_scope(self.location(), None) };
        let rows = self.parts.load_location(self.tenant, scope).await?;
        Ok(rows.and_then(|rows| rows.seats.into_values().next()).map(|seat| seat.touched_at))
    }

    /// Makes a walk due, for there is no delta: at once, and then once an hour. Where Apple knows none of its versions, or
    /// names none, the next walk ends without a delta too, and what has to be confirmed meanwhile is looked at.
    async fn reads_all_at_once(&self) -> Result<bool, SessionError> {
        let walk = JobKind::ReadAssignments { location: self.location().clone() };
        let now = self.parts.clock.now();
        let at = self.parts.sessions.hourly(&walk, self.generation, now);
        self.parts.store.enqueue(self.tenant, &[Job::at(walk, at)]).await?;
        Ok(at <= now)
    }

    /// Reads the delta; `false` when Apple does not know the version any more.
    async fn read_known_delta(&mut self, since: String) -> Result<bool, SessionError> {
        // A reading says nothing of what was touched in the moment in which it begins.
        let after_touches = later(self.parts.clock.now(), TimeDelta::milliseconds(1));
        self.parts.timer.wait_until(after_touches).await;
        match self.read_delta_since(since).await {
            Err(SessionError::Service(error))
                if error.number().is_some_and(|number| number.0 == UNKNOWN_VERSION) =>
            {
                Ok(false)
            }
            read => read.map(|()| true),
        }
    }

    /// Ends the requests that notifications name as a whole.
    async fn apply_notifications(&self) -> Result<(), SessionError> {
        let scope = LocationScope {
            requests: Requests::Open,
            notified_events: true,
            ..scopes::location_scope(self.location(), None)
        };
        let rows = self.parts.load_location(self.tenant, scope).await?;
        if rows.is_none_or(|rows| rows.notified_events.is_empty()) {
            return Ok(());
        }
        let scope = LocationScope {
            notified_events: true,
            ..scopes::requests_scope(&self.lease, Requests::Open, Seats::OfRequests)
        };
        let now = self.parts.clock.now();
        Ok(self.save(scope, move |rows| decide_apply_notifications(rows, now)).await?)
    }

    /// Reads what changed since a version, and keeps the version up to which everything was read.
    pub(super) async fn read_delta_since(&mut self, since: String) -> Result<(), SessionError> {
        let mut asked = AssignmentsQuery { since_version: Some(since), ..AssignmentsQuery::default() };
        let mut first_version = None;
        loop {
            self.renew_lease().await?;
            let begun_at = self.parts.clock.now();
            let page = match self.read(self.service.assignments(&self.secret, &asked)).await {
                // The list has become shorter, and all that is left of it was read.
                Err(error) if asked.page > 0 && is_out_of_range(&error) => AssignmentsPage::default(),
                read => read?,
            };
            first_version = first_version.or_else(|| page.page.version_id.clone());
            let next = next_page(asked.page, &page.page)?;
            self.apply_read(page, begun_at, if next.is_none() { first_version.clone() } else { None })
                .await?;
            match next {
                Some(next) => asked.page = next,
                None => return Ok(()),
            }
        }
    }

    /// Takes in a page that only adds; on the last one, the version that was reached.
    pub(super) async fn apply_read(
        &self,
        page: AssignmentsPage,
        begun_at: DateTime<Utc>,
        version: Option<String>,
    ) -> Result<(), SessionError> {
        let listed = self.keys(page);
        let scope = LocationScope {
            pools: Pools::All,
            ..scopes::seats_scope(&self.lease, Seats::These(listed.clone()))
        };
        let now = self.parts.clock.now();
        let decide = move |rows: &mdm_vpp_core::location::LocationRows| {
            let reading = AssignmentsRead { begun_at, listed: &listed, covers: Covers::Nothing };
            let (mut decision, _) = decide_apply_read(rows, &reading, now);
            if let Some(version) = &version {
                let talk = LocationState { version: Some(version.clone()), ..rows.state.clone() };
                decision.location = LocationChanges { state: Some(talk), ..decision.location };
            }
            decision
        };
        Ok(self.save(scope, decide).await?)
    }

    /// The seats that a page lists.
    pub(super) fn keys(&self, page: AssignmentsPage) -> BTreeSet<SeatKey> {
        let key = |assignment: mdm_vpp_ports::Assignment| SeatKey {
            location: self.location().clone(),
            asset: assignment.asset,
            holder: assignment.holder,
        };
        page.assignments.into_iter().map(key).collect()
    }

    /// Whether any seat has this agenda.
    pub(super) async fn is_any(&self, agenda: NextAction) -> Result<bool, SessionError> {
        let scope = LocationScope {
            seats: Seats::WithNextAction([agenda].into(), 1),
            ..scopes::location_scope(self.location(), None)
        };
        let rows = self.parts.load_location(self.tenant, scope).await?;
        Ok(rows.is_some_and(|rows| !rows.seats.is_empty()))
    }

    /// Something else is due now.
    pub(super) async fn enqueue(
        &self,
        kind: impl FnOnce(mdm_vpp_core::id::LocationId) -> JobKind,
    ) -> Result<(), SessionError> {
        let due = Job::at(kind(self.location().clone()), self.parts.clock.now());
        Ok(self.parts.store.enqueue(self.tenant, &[due]).await?)
    }
}
