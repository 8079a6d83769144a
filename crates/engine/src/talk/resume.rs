//! Going on with a talk after a sync: the token works, and the counts are fresh.

use chrono::TimeDelta;
use mdm_vpp_core::{
    id::{LocationId, TenantId},
    transaction::{Job, JobKind},
};
use mdm_vpp_ports::StoreError;

use super::scopes;
use crate::vpp::Context;

/// A full walk that began longer ago is due again with the next sync, in hours.
const FULL_READ_EVERY_HOURS: i64 = 20;

impl Context {
    /// What is due when a sync is saved, with it, because it may have waited for the token or for counts: a full walk once a day, requests to send and to ask
    /// for, and those who wait for licenses.
    pub(crate) async fn resumed_jobs(
        &self,
        tenant: &TenantId,
        location: &LocationId,
    ) -> Result<Vec<Job>, StoreError> {
        if self.assignments.is_none() {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let of = || location.clone();
        let mut due = vec![
            Job::at(JobKind::SendRequests { location: of() }, now),
            Job::at(JobKind::PollEvents { location: of() }, now),
            Job::at(JobKind::FillWaitlist { location: of() }, now),
            Job::at(JobKind::RefreshUsers { location: of() }, now),
            Job::at(JobKind::ReleaseFences { location: of() }, now),
        ];
        let rows = self.load_location(tenant, scopes::location_scope(location, None)).await?;
        let walked_at = rows.and_then(|rows| rows.state.fully_read_at);
        let age = walked_at.map(|walked_at| now.signed_duration_since(walked_at));
        if age.is_none_or(|age| age >= TimeDelta::hours(FULL_READ_EVERY_HOURS)) {
            // It looks at everything and ends with a delta; before the first one a delta would ask for another walk.
            due.push(Job::at(JobKind::ReadAssignments { location: of() }, now));
        } else {
            due.push(Job::at(JobKind::ReadDelta { location: of() }, now));
            due.push(Job::at(JobKind::ReadBack { location: of() }, now));
        }
        Ok(due)
    }
}
