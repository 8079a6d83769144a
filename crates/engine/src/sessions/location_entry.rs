//! What this process keeps of one location.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    id::TenantId,
    plan::{Pace, PaceLimits},
    seats::Epoch,
    transaction::JobKind,
};
use mdm_vpp_ports::Lease;

use crate::context::later;

/// Nothing is suppressed for longer, in minutes: a time further ahead was set before the clock jumped back.
pub(crate) const LONGEST_SUPPRESSION_MINUTES: i64 = 2;

/// What is true of a lease is kept for this many minutes after it was granted or renewed last. Our choice: much longer
/// than a lease, for what is forgotten too early costs a clean-up.
const LEASE_KEPT_MINUTES: i64 = 60;

/// What this process keeps of one location.
#[derive(Default)]
pub(super) struct LocationEntry {
    /// Whether a task is in the location now.
    entered: bool,
    /// The lease that was granted last, until it is given back.
    held: Option<HeldLease>,
    /// When the lease was granted or renewed last, unless it was given back. By this process's clock: the end of the lease
    /// is a time of the store's clock, which may be hours away from ours.
    leased_at: Option<DateTime<Utc>>,
    /// The pace, and the lease for which it counts.
    pace: Option<(Epoch, Pace)>,
    /// The lease in which no request is left of which nothing was heard.
    clean_in: Option<Epoch>,
    /// When a job was enqueued last that may end as it did before, and for which generation of the token.
    hourly: BTreeMap<JobKind, (u32, DateTime<Utc>)>,
    /// Until when the jobs of the tenant's location are left alone.
    suppressed: Option<(TenantId, DateTime<Utc>)>,
}

/// A lease with what belongs to it.
pub(super) struct HeldLease {
    pub(super) tenant: TenantId,
    pub(super) lease: Lease,
    pub(super) pace: PaceLimits,
}

impl LocationEntry {
    /// Enters the location; `false` when a task is in it already.
    pub(super) const fn enter(&mut self) -> bool {
        let free = !self.entered;
        self.entered = true;
        free
    }

    pub(super) const fn leave(&mut self) {
        self.entered = false;
    }

    pub(super) fn hold(&mut self, held: HeldLease, now: DateTime<Utc>) {
        self.leased_at = Some(now);
        self.held = Some(held);
    }

    pub(super) const fn held(&self) -> Option<&HeldLease> {
        self.held.as_ref()
    }

    pub(super) const fn take_held(&mut self) -> Option<HeldLease> {
        self.held.take()
    }

    /// The lease was given back. The next one has a greater epoch, so what was true of this one is never asked for.
    pub(super) fn lease_ended(&mut self) {
        (self.leased_at, self.pace, self.clean_in) = (None, None, None);
    }

    pub(super) fn is_clean(&self, epoch: Epoch) -> bool {
        self.clean_in == Some(epoch)
    }

    pub(super) const fn request_written(&mut self) {
        self.clean_in = None;
    }

    pub(super) const fn answer_saved(&mut self, epoch: Epoch) {
        self.clean_in = Some(epoch);
    }

    /// The pace of a lease. Another lease begins with an empty bucket: what a process before us spent is not known.
    pub(super) fn pace(&mut self, epoch: Epoch, limits: PaceLimits, now: DateTime<Utc>) -> &mut Pace {
        if self.pace.as_ref().is_some_and(|(of, _)| *of != epoch) {
            self.pace = None;
        }
        let (_, pace) = self.pace.get_or_insert_with(|| (epoch, Pace::new(limits, now)));
        pace.set_limits(limits);
        pace
    }

    /// A read has ended. One of an earlier lease counts for no pace any more.
    pub(super) fn read_ended(&mut self, epoch: Epoch) {
        if let Some((_, pace)) = self.pace.as_mut().filter(|(of, _)| *of == epoch) {
            pace.read_ended();
        }
    }

    /// When a job shall run that may end as it did before: at once, and then once an hour.
    pub(super) fn at_most_hourly(
        &mut self,
        kind: &JobKind,
        generation: u32,
        now: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let hour = TimeDelta::hours(1);
        let last = self.hourly.get(kind).filter(|(of, _)| *of == generation).map(|(_, at)| *at);
        let at = match last {
            // Enqueued already and not run yet. More than an hour ahead it was set before the clock jumped back.
            Some(last) if last > now && last <= later(now, hour) => last,
            Some(last) if last <= now && now < later(last, hour) => later(last, hour),
            _ => now,
        };
        self.hourly.insert(kind.clone(), (generation, at));
        at
    }

    pub(super) fn suppress(&mut self, tenant: TenantId, until: DateTime<Utc>) {
        self.suppressed = Some((tenant, until));
    }

    /// Until when the jobs of a tenant are left alone; `None` when they are not.
    pub(super) fn suppressed_until(&self, tenant: &TenantId, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (_, until) = self.suppressed.as_ref().filter(|(of, _)| of == tenant)?;
        is_suppression(*until, now).then_some(*until)
    }

    pub(super) fn is_suppressed(&self, now: DateTime<Utc>) -> bool {
        self.suppressed.as_ref().is_some_and(|(_, until)| is_suppression(*until, now))
    }

    /// Whether the entry holds anything that would be missed.
    pub(super) fn is_worth_keeping(&self, now: DateTime<Utc>) -> bool {
        let kept_for = TimeDelta::minutes(LEASE_KEPT_MINUTES);
        let lease_counts = self.leased_at.is_some_and(|leased_at| later(leased_at, kept_for) > now);
        // After an hour the job would run at once anyway.
        let hourly_counts =
            |(_, at): &(u32, DateTime<Utc>)| now.signed_duration_since(*at) < TimeDelta::hours(1);
        self.entered || lease_counts || self.is_suppressed(now) || self.hourly.values().any(hourly_counts)
    }
}

/// Whether a time until which something is left alone still counts.
pub(crate) fn is_suppression(until: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let longest = TimeDelta::minutes(LONGEST_SUPPRESSION_MINUTES);
    until > now && until.signed_duration_since(now) <= longest
}

#[cfg(test)]
mod tests {
    use mdm_vpp_core::id::LocationId;

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn location() -> LocationId {
        LocationId::new("7").unwrap()
    }

    fn tenant(id: &str) -> TenantId {
        TenantId::new(id).unwrap()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        NOW + TimeDelta::seconds(seconds)
    }

    /// An entry that was leased now; the lease ends at a time of the store's clock.
    fn leased_until(until: DateTime<Utc>) -> LocationEntry {
        let lease = Lease { location: location(), epoch: Epoch(3), until };
        let mut entry = LocationEntry::default();
        entry.hold(HeldLease { tenant: tenant("a"), lease, pace: PaceLimits::default() }, NOW);
        entry
    }

    #[test]
    fn an_entry_is_kept_while_a_task_is_in_it_and_no_longer() {
        let mut entry = LocationEntry::default();
        assert!(!entry.is_worth_keeping(NOW));
        assert!(entry.enter());
        assert!(!entry.enter(), "a second task does not get in");
        assert!(entry.is_worth_keeping(NOW));
        entry.leave();
        assert!(!entry.is_worth_keeping(NOW));
    }

    #[test]
    fn what_is_true_of_a_lease_is_kept_until_it_is_given_back_or_long_over() {
        let mut entry = leased_until(at(120));
        entry.answer_saved(Epoch(3));
        assert!(entry.is_clean(Epoch(3)) && !entry.is_clean(Epoch(4)));
        assert!(entry.is_worth_keeping(at(121)));
        assert!(!entry.is_worth_keeping(at(3_600)));
        assert!(entry.take_held().is_some());
        assert!(entry.is_worth_keeping(NOW), "the store may not have heard of it");
        entry.lease_ended();
        assert!(!entry.is_worth_keeping(NOW));
        assert!(!entry.is_clean(Epoch(3)));
    }

    #[test]
    fn a_lease_is_kept_although_the_clock_of_the_store_is_hours_behind() {
        let hours_ago = NOW - TimeDelta::hours(9);
        assert!(leased_until(hours_ago).is_worth_keeping(NOW));
    }

    #[test]
    fn a_request_that_is_written_leaves_the_lease_to_be_cleaned_up_until_its_answer_is_saved() {
        let mut entry = LocationEntry::default();
        entry.answer_saved(Epoch(3));
        entry.request_written();
        assert!(!entry.is_clean(Epoch(3)));
        entry.answer_saved(Epoch(3));
        assert!(entry.is_clean(Epoch(3)));
    }

    #[test]
    fn a_suppression_counts_for_its_tenant_and_not_after_the_clock_jumped_back() {
        let mut entry = LocationEntry::default();
        entry.suppress(tenant("a"), at(120));
        assert_eq!(entry.suppressed_until(&tenant("a"), NOW), Some(at(120)));
        assert_eq!(entry.suppressed_until(&tenant("b"), NOW), None);
        assert_eq!(entry.suppressed_until(&tenant("a"), at(-300)), None);
        assert!(entry.is_worth_keeping(NOW) && !entry.is_worth_keeping(at(120)));
    }

    #[test]
    fn a_job_that_may_end_as_before_runs_once_an_hour_and_at_once_for_a_renewed_token() {
        let (mut entry, kind) = (LocationEntry::default(), JobKind::SyncAssets { location: location() });
        assert_eq!(entry.at_most_hourly(&kind, 1, NOW), NOW);
        assert_eq!(entry.at_most_hourly(&kind, 1, at(60)), at(3_600));
        assert_eq!(entry.at_most_hourly(&kind, 1, at(120)), at(3_600));
        assert_eq!(entry.at_most_hourly(&kind, 2, at(180)), at(180));
        assert!(entry.is_worth_keeping(at(180)) && !entry.is_worth_keeping(at(180 + 3_600)));
    }
}
