//! Allotment: which recipients get licenses when there are not enough for all.

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

/// The facts about the licenses of an app in one location that an allotment needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllotPool {
    /// The licenses, as Apple reported them.
    pub counts: Counts,
    /// Seats that are desired or not known to be absent, foreign ones included.
    pub occupied: u64,
    /// Licenses that were assigned and may not be in the counts yet.
    pub uncounted: u64,
    /// Whether the token can write at Apple now.
    pub writable: bool,
    /// What happens when no license is left.
    pub when_out_of_licenses: OutOfLicenseRule,
    /// The reservations of this app, by group.
    pub reservations: BTreeMap<GroupId, Reserved>,
}

/// A reservation and its use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserved {
    /// Licenses that only members of the group may take.
    pub licenses: u64,
    /// Licenses that members of the group hold. A license of a member of several groups counts for one of them.
    pub held: u64,
}

/// A recipient that needs a license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applicant<Id> {
    /// The caller's id of the recipient.
    pub id: Id,
    /// When the recipient began to wait, UTC; now for a new one. It is the order of the waitlist.
    pub since: DateTime<Utc>,
    /// The groups of the recipient.
    pub groups: BTreeSet<GroupId>,
    /// The tokens that may give a license, best first.
    pub candidates: Vec<Candidate>,
    /// Whether the recipient can install the app without a license.
    pub unlicensed_possible: bool,
}

/// The result of an allotment for one applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Allotment {
    /// A license, so a seat is taken.
    Seat {
        /// The token and kind of the license.
        candidate: Candidate,
    },
    /// The applicant waits.
    Wait {
        /// What the applicant waits for.
        waits_for: WaitsFor,
    },
    /// The applicant gets the app without a license.
    Unlicensed,
    /// The applicant does not get the app.
    Failed,
}

/// The pools of one app, by location and quality.
pub type AllotPools = BTreeMap<(LocationId, crate::catalog::PricingParam), AllotPool>;

impl AllotPool {
    /// The number of licenses that may be given out, by [`Counts::free`]; `None` means unlimited.
    #[must_use]
    pub const fn free(&self) -> Option<u64> {
        self.counts.free(self.occupied, self.uncounted)
    }

    /// Whether the total is below the number of occupied seats, for example after Apple withdrew licenses. Then nothing
    /// is given out, and nothing is revoked.
    #[must_use]
    pub const fn is_overdrawn(&self) -> bool {
        matches!(self.counts, Counts::Limited { total, .. } if total < self.occupied)
    }

    /// Whether a license is free for a member of these groups. The unused part of each reservation for another group is
    /// not free for them.
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

    /// Takes a license for a member of these groups. It counts for the first of their reservations, by group.
    fn take(&mut self, groups: &BTreeSet<GroupId>) {
        self.occupied = self.occupied.saturating_add(1);
        self.uncounted = self.uncounted.saturating_add(1);
        let own = self.reservations.iter_mut().find(|(group, _)| groups.contains(*group));
        if let Some((_, reserved)) = own {
            reserved.held = reserved.held.saturating_add(1);
        }
    }
}

/// Gives out licenses in the order of the waitlist: the longest wait comes first, and of equal waits the smaller id.
///
/// For each applicant the candidates are tried in order. A candidate without a free license is passed over. The first
/// with a free one gives it if its token can write; otherwise the applicant waits for that token, and never gets the
/// app without a license. If no candidate has a free license and the pool of one is not known, the applicant waits for
/// its counts, because it may have one. Else the rule of the best candidate decides;
/// [`OutOfLicenseRule::InstallUnlicensed`] means to wait where an install without a license is impossible.
///
/// The pools change as licenses are taken, so a second call continues where the first ended. The answer holds every
/// applicant once, in the order of the waitlist; of two with the same id the later one is ignored.
///
/// Sources: the fallback to the next token is that of other products with several tokens; the order, reservations and
/// the three rules are ours.
#[must_use = "the allotment says which applicants get a license"]
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

/// The allotment of one applicant in these groups from these candidates.
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
        // The best candidate whose pool is known sets the rule, also when a later one would have another.
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
mod tests {
    //! Shortage, reservations, fallback and the waitlist.

    use proptest::prelude::*;

    use crate::{catalog::PricingParam, policy::LicenseKind, testing::location_id};

    use super::*;

    fn groups(names: &[&str]) -> BTreeSet<GroupId> {
        names.iter().map(|name| GroupId::new(name).unwrap()).collect()
    }

    fn pool(total: u64) -> AllotPool {
        AllotPool {
            counts: Counts::Limited { total, assigned: 0, available: total, retired: 0 },
            occupied: 0,
            uncounted: 0,
            writable: true,
            when_out_of_licenses: OutOfLicenseRule::WaitInOrder,
            reservations: BTreeMap::new(),
        }
    }

    fn pools<const N: usize>(pools: [(&str, AllotPool); N]) -> AllotPools {
        pools.into_iter().map(|(name, pool)| ((location_id(name), PricingParam::Standard), pool)).collect()
    }

    fn candidate(location: &str) -> Candidate {
        let location = location_id(location);
        Candidate { location, pricing_param: PricingParam::Standard, license: LicenseKind::Device }
    }

    fn applicant(id: u32, locations: &[&str]) -> Applicant<u32> {
        Applicant {
            id,
            since: DateTime::from_timestamp(i64::from(id), 0).unwrap(),
            groups: BTreeSet::new(),
            candidates: locations.iter().map(|location| candidate(location)).collect(),
            unlicensed_possible: true,
        }
    }

    /// For each applicant the location of the license, or the other result, as text.
    fn given(pools: &mut AllotPools, applicants: &[Applicant<u32>]) -> Vec<(u32, String)> {
        let say = |allotment: Allotment| match allotment {
            Allotment::Seat { candidate } => candidate.location.to_string(),
            Allotment::Wait { waits_for: WaitsFor::Token { location } } => format!("waits for {location}"),
            Allotment::Wait { waits_for } => format!("waits for {}", waits_for.name()),
            Allotment::Unlicensed => "unlicensed".to_owned(),
            Allotment::Failed => "failed".to_owned(),
        };
        allot(pools, applicants).into_iter().map(|(id, allotment)| (id, say(allotment))).collect()
    }

    fn says(expected: &[(u32, &str)]) -> Vec<(u32, String)> {
        expected.iter().map(|(id, text)| (*id, (*text).to_owned())).collect()
    }

    #[test]
    fn the_waitlist_is_ordered_by_time_and_then_by_id() {
        let mut late = applicant(1, &["a"]);
        late.since = DateTime::from_timestamp(100, 0).unwrap();
        let applicants = [late, applicant(3, &["a"]), applicant(2, &["a"])];
        assert_eq!(
            given(&mut pools([("a", pool(2))]), &applicants),
            says(&[(2, "a"), (3, "a"), (1, "waits for free_seat")])
        );
    }

    #[test]
    fn the_number_of_free_licenses_is_the_smaller_of_two_differences_and_not_below_zero() {
        let free = |total, available, occupied, uncounted| {
            let counts = Counts::Limited { total, assigned: 0, available, retired: 0 };
            AllotPool { counts, occupied, uncounted, ..pool(0) }.free()
        };
        assert_eq!(free(10, 10, 4, 0), Some(6));
        assert_eq!(free(10, 5, 4, 2), Some(3), "two assignments are not in the counts yet");
        assert_eq!(free(3, 5, 4, 0), Some(0));
        assert_eq!(free(10, 1, 0, 5), Some(0));
        assert!(AllotPool { occupied: 4, ..pool(3) }.is_overdrawn());
        assert!(!AllotPool { occupied: 3, ..pool(3) }.is_overdrawn());
        let unlimited = AllotPool { counts: Counts::Unlimited { assigned: 9 }, occupied: 9, ..pool(0) };
        assert_eq!((unlimited.free(), unlimited.is_overdrawn()), (None, false));
    }

    #[test]
    fn a_token_that_cannot_write_is_waited_for_and_not_replaced_by_an_unlicensed_install() {
        let mut dead = pool(5);
        dead.writable = false;
        dead.when_out_of_licenses = OutOfLicenseRule::InstallUnlicensed;
        let mut both = pools([("dead", dead.clone()), ("full", pool(0))]);
        assert_eq!(given(&mut both, &[applicant(1, &["full", "dead"])]), says(&[(1, "waits for dead")]));
        let mut both = pools([("dead", dead), ("open", pool(1))]);
        assert_eq!(given(&mut both, &[applicant(1, &["open", "dead"])]), says(&[(1, "open")]));
    }

    #[test]
    fn a_pool_without_counts_gives_nothing() {
        assert_eq!(given(&mut pools([]), &[applicant(1, &["a"])]), says(&[(1, "waits for counts")]));
    }

    #[test]
    fn a_pool_without_counts_may_have_a_license_so_no_unlicensed_install_comes_before() {
        let mut last_resort = pool(0);
        last_resort.when_out_of_licenses = OutOfLicenseRule::InstallUnlicensed;
        for order in [["new", "full"], ["full", "new"]] {
            let mut known = pools([("full", last_resort.clone())]);
            assert_eq!(given(&mut known, &[applicant(1, &order)]), says(&[(1, "waits for counts")]));
        }
        let mut open = pools([("open", pool(1))]);
        assert_eq!(given(&mut open, &[applicant(1, &["new", "open"])]), says(&[(1, "open")]));
    }

    #[test]
    fn an_applicant_that_is_listed_twice_gets_one_license_at_the_earlier_place() {
        let mut again = applicant(1, &["a"]);
        again.since = DateTime::from_timestamp(100, 0).unwrap();
        let asked = [again, applicant(1, &["a"]), applicant(2, &["a"]), applicant(1, &["a"])];
        let mut two = pools([("a", pool(2))]);
        assert_eq!(given(&mut two, &asked), says(&[(1, "a"), (2, "a")]));
        assert_eq!(two.values().next().map(|pool| pool.occupied), Some(2));
    }

    #[test]
    fn the_best_candidate_sets_the_rule_and_unlicensed_means_to_wait_where_it_is_impossible() {
        let with = |rule| AllotPool { when_out_of_licenses: rule, ..pool(0) };
        let two =
            || pools([("a", with(OutOfLicenseRule::Fail)), ("b", with(OutOfLicenseRule::InstallUnlicensed))]);
        assert_eq!(given(&mut two(), &[applicant(1, &["a", "b"])]), says(&[(1, "failed")]));
        assert_eq!(given(&mut two(), &[applicant(1, &["b", "a"])]), says(&[(1, "unlicensed")]));
        let mut impossible = applicant(1, &["b", "a"]);
        impossible.unlicensed_possible = false;
        assert_eq!(given(&mut two(), &[impossible]), says(&[(1, "waits for free_seat")]));
    }

    #[test]
    fn a_member_of_two_groups_uses_the_reservation_of_the_first_by_name() {
        let mut reserved = pool(4);
        for name in ["alpha", "beta"] {
            reserved.reservations.insert(GroupId::new(name).unwrap(), Reserved { licenses: 2, held: 0 });
        }
        let mut all = pools([("a", reserved)]);
        let member = |id, names: &[&str]| Applicant { groups: groups(names), ..applicant(id, &["a"]) };
        let asked = [
            member(1, &["alpha", "beta"]),
            member(2, &["alpha", "beta"]),
            member(3, &["alpha"]),
            member(4, &["beta"]),
            member(5, &["beta"]),
        ];
        // Members 1 and 2 use alpha's reservation, although they are in beta too. Member 3 is an outsider to beta's.
        assert_eq!(
            given(&mut all, &asked),
            says(&[(1, "a"), (2, "a"), (3, "waits for free_seat"), (4, "a"), (5, "a")])
        );
    }

    proptest! {
        #[test]
        fn no_license_is_given_twice_and_no_reservation_is_broken(
            total in 0u64..12,
            occupied in 0u64..12,
            reserved in 0u64..8,
            members in prop::collection::vec(any::<bool>(), 0..16),
        ) {
            let mut app = AllotPool { occupied, ..pool(total) };
            app.reservations.insert(GroupId::new("g").unwrap(), Reserved { licenses: reserved, held: 0 });
            let free = app.free().unwrap_or(0);
            let mut all = pools([("a", app)]);
            let applicants: Vec<_> = members
                .iter()
                .enumerate()
                .map(|(n, member)| Applicant {
                    groups: groups(if *member { &["g"] } else { &[] }),
                    ..applicant(u32::try_from(n).unwrap(), &["a"])
                })
                .collect();
            let allotted = allot(&mut all, &applicants);
            prop_assert_eq!(allotted.len(), applicants.len(), "each applicant has an answer");
            let seats = |member: bool| {
                let took = |id: &u32| members[*id as usize] == member;
                allotted.iter().filter(|(id, what)| took(id) && matches!(what, Allotment::Seat { .. })).count() as u64
            };
            prop_assert!(seats(true) + seats(false) <= free);
            prop_assert!(seats(false) <= free.saturating_sub(reserved), "outsiders leave the reservation alone");
            let again = allot(&mut all, &applicants[..0]);
            prop_assert!(again.is_empty());
        }
    }
}
