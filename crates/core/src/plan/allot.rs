//! Who gets the seats, when there are not enough for all.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::WaitsFor;
use crate::{
    catalog::Counts,
    id::{GroupId, LocationId},
    policy::Candidate,
    token::OutOfLicenseRule,
};

/// The seats of an app in one location, as far as giving them out needs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllotPool {
    /// The licenses, as Apple reported them.
    pub counts: Counts,
    /// Seats that are wanted, or not surely absent; foreign ones too.
    pub occupied: u64,
    /// Grants that Apple had not confirmed when the counts were read.
    pub uncounted: u64,
    /// Whether the token can write now.
    pub writable: bool,
    /// What happens when no license is left.
    pub when_out_of_licenses: OutOfLicenseRule,
    /// The reservations of this app, by group.
    pub reservations: BTreeMap<GroupId, Reserved>,
}

/// A reservation and how much of it is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserved {
    /// Licenses that are kept for the group.
    pub licenses: u64,
    /// Licenses that members of the group hold; each counts for one group alone.
    pub held: u64,
}

/// Somebody who wants a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant<Id> {
    /// Who, as the caller knows him.
    pub id: Id,
    /// Since when he waits, UTC; for a new one, now. The order of the queue.
    pub since: DateTime<Utc>,
    /// His groups.
    pub groups: BTreeSet<GroupId>,
    /// The tokens that may give him one, best first.
    pub candidates: Vec<Candidate>,
    /// Whether the app can be installed for him without a license.
    pub unlicensed_possible: bool,
}

/// What an applicant gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Allotment {
    /// A seat.
    Seat {
        /// Of this token.
        candidate: Candidate,
    },
    /// He waits.
    Wait {
        /// For what.
        waits_for: WaitsFor,
    },
    /// He gets the app without a license.
    Unlicensed,
    /// He does not get the app.
    Failed,
}

/// The pools of one app, by location and quality.
pub type AllotPools = BTreeMap<(LocationId, crate::catalog::PricingParam), AllotPool>;

impl AllotPool {
    /// Seats that may be given out: `min(total - occupied, available - uncounted)`, never below zero; `None` means
    /// without limit.
    #[must_use]
    pub const fn free(&self) -> Option<u64> {
        self.counts.free(self.occupied, self.uncounted)
    }

    /// Whether Apple shrank the total below what is occupied. Grants stop, and nothing is revoked.
    #[must_use]
    pub const fn is_overdrawn(&self) -> bool {
        matches!(self.counts, Counts::Limited { total, .. } if total < self.occupied)
    }

    /// Whether somebody with these groups finds a free seat: an outsider sees what is free minus the unused rest of
    /// all reservations that are not for him.
    fn has_seat_for(&self, groups: &BTreeSet<GroupId>) -> bool {
        let Some(free) = self.free() else { return true };
        let kept_for_others: u64 = self
            .reservations
            .iter()
            .filter(|(group, _)| !groups.contains(*group))
            .map(|(_, reserved)| reserved.licenses.saturating_sub(reserved.held))
            .fold(0, u64::saturating_add);
        free > kept_for_others
    }

    /// Takes a seat. It counts against the first reservation, by group, of the one who takes it.
    fn take(&mut self, groups: &BTreeSet<GroupId>) {
        self.occupied = self.occupied.saturating_add(1);
        self.uncounted = self.uncounted.saturating_add(1);
        let own = self.reservations.iter_mut().find(|(group, _)| groups.contains(*group));
        if let Some((_, reserved)) = own {
            reserved.held = reserved.held.saturating_add(1);
        }
    }
}

/// Gives out seats in the order of the queue: who waits longest comes first, and of those who came at the same time
/// the smaller id.
///
/// For each applicant the candidates are walked: no free seat, the next one; free and writable, he takes it; free but
/// its token cannot write, he waits for that token and never gets the app without a license. When none is free, he waits
/// for the counts if a pool of his is not known, for it may have one; else the rule of the best candidate decides, and
/// where an install without a license is impossible, "unlicensed" means wait.
///
/// The pools are changed as seats are taken, so a second call goes on where the first ended. Every applicant is in the
/// answer once, in the order of the queue: of two with one id the later in the queue is ignored.
///
/// Sources: fallback to the next token from peers with several tokens; waiting in order, reservations and the three
/// rules are our choice.
#[must_use = "an allotment that nobody reads gives no seats"]
pub fn allot<Id: Ord + Clone>(pools: &mut AllotPools, applicants: &[Applicant<Id>]) -> Vec<(Id, Allotment)> {
    let mut queue: Vec<&Applicant<Id>> = applicants.iter().collect();
    queue.sort_by(|one, other| (one.since, &one.id).cmp(&(other.since, &other.id)));
    let mut asked = BTreeSet::new();
    queue.retain(|applicant| asked.insert(&applicant.id));
    let serve = |Applicant { id, groups, candidates, unlicensed_possible, .. }: &Applicant<Id>| {
        (id.clone(), allot_one(pools, groups, candidates, *unlicensed_possible))
    };
    queue.into_iter().map(serve).collect()
}

/// What somebody in these groups gets from these tokens.
pub(super) fn allot_one(
    pools: &mut AllotPools,
    groups: &BTreeSet<GroupId>,
    candidates: &[Candidate],
    unlicensed_possible: bool,
) -> Allotment {
    let (mut rule, mut all_known) = (None, true);
    for candidate in candidates {
        let key = (candidate.location.clone(), candidate.pricing_param.clone());
        let Some(pool) = pools.get_mut(&key) else {
            all_known = false;
            continue;
        };
        rule = rule.or(Some(pool.when_out_of_licenses));
        if !pool.has_seat_for(groups) {
            continue;
        }
        if !pool.writable {
            let location = candidate.location.clone();
            return Allotment::Wait { waits_for: WaitsFor::Token { location } };
        }
        pool.take(groups);
        return Allotment::Seat { candidate: candidate.clone() };
    }
    match rule.filter(|_| all_known) {
        None => Allotment::Wait { waits_for: WaitsFor::Counts },
        Some(OutOfLicenseRule::InstallUnlicensed) if unlicensed_possible => Allotment::Unlicensed,
        Some(OutOfLicenseRule::InstallUnlicensed | OutOfLicenseRule::WaitInOrder) => {
            Allotment::Wait { waits_for: WaitsFor::FreeSeat }
        }
        Some(OutOfLicenseRule::Fail) => Allotment::Failed,
    }
}

#[cfg(test)]
#[path = "allot_tests.rs"]
mod tests;
