//! The properties of every plan of an app.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{SeatMove, testing::*};
use crate::{
    id::LocationId,
    policy::{LicenseType, ScopeLeftRule, TargetOf},
    seats::SeatKey,
    token::OutOfLicenseRule,
};

prop_compose! {
    fn any_fixture()(
        totals in prop::collection::vec((0u64..5, prop::sample::subsequence(vec!["x", "y"], 0..=2)), 1..4),
        people in prop::collection::vec(
            (0usize..4, prop::sample::subsequence(vec!["x", "y"], 0..=2)), 1..9),
        license in prop::sample::select(vec![LicenseType::Automatic, LicenseType::Device, LicenseType::User]),
        rule in prop::sample::select(vec![
            OutOfLicenseRule::WaitInOrder, OutOfLicenseRule::Fail, OutOfLicenseRule::InstallUnlicensed]),
        scope_left in prop::sample::select(vec![
            ScopeLeftRule::Keep, ScopeLeftRule::Unlicensed, ScopeLeftRule::Revoke]),
        flag in any::<bool>(),
    ) -> Fixture {
        let tokens: Vec<_> = ["a", "b", "c"].into_iter().zip(&totals)
            .map(|(name, (total, groups))| (name, groups.as_slice(), *total)).collect();
        let mut fixture = Fixture::with_tokens(&tokens);
        fixture.distribution = to(TargetOf::Everyone, license);
        fixture.reclaim.on_token_scope_left = scope_left;
        fixture.policies.revoke_license_on_deletion_or_stop_of_distribution = flag;
        fixture.stock.pools.values_mut().for_each(|pool| pool.when_out_of_licenses = rule);
        let devices = ["d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"];
        for (name, (user, groups)) in devices.into_iter().zip(people) {
            fixture = fixture.with(name, ["ada", "bob", "eve", "zoe"][user], &groups);
        }
        fixture
    }
}

#[derive(Debug, Clone)]
enum Change {
    Targets(Option<&'static str>, LicenseType),
    Groups(usize, Vec<&'static str>),
    Tokens(usize, Vec<&'static str>),
}

fn any_change() -> impl Strategy<Value = Change> {
    let groups = || prop::sample::subsequence(vec!["x", "y"], 0..=2);
    let license = prop::sample::select(vec![LicenseType::Automatic, LicenseType::Device, LicenseType::User]);
    prop_oneof![
        (prop::option::of(prop::sample::select(vec!["x", "y"])), license)
            .prop_map(|(to, license)| Change::Targets(to, license)),
        (0usize..8, groups()).prop_map(|(device, groups)| Change::Groups(device, groups)),
        (0usize..3, groups()).prop_map(|(token, groups)| Change::Tokens(token, groups)),
    ]
}

impl Fixture {
    fn change(&mut self, change: &Change) {
        let all = |names: &[&str]| names.iter().map(|name| group(name)).collect();
        match change {
            Change::Targets(name, license) => {
                let target = name.map_or(TargetOf::Everyone, |name| TargetOf::Group { group: group(name) });
                self.distribution = to(target, *license);
            }
            Change::Groups(device, groups) => {
                let device = device % self.devices.len();
                self.devices[device].recipient.groups = all(groups);
            }
            Change::Tokens(token, groups) => {
                let token = token % self.tokens.len();
                self.tokens[token].2.groups = all(groups);
            }
        }
    }

    fn in_use(&self) -> BTreeSet<SeatKey> {
        self.uses().into_keys().collect()
    }
}

fn union(one: &BTreeSet<SeatKey>, moves: &[SeatMove]) -> BTreeSet<SeatKey> {
    one.iter().chain(moves.iter().map(|moves| &moves.from)).cloned().collect()
}

proptest! {
    #[test]
    fn the_plan_after_a_saved_one_is_empty_and_the_preview_is_what_changes(
        fixture in any_fixture(), changes in prop::collection::vec((any_change(), any::<bool>()), 0..6),
    ) {
        let mut fixture = fixture;
        let mut granted: BTreeMap<LocationId, u64> = BTreeMap::new();
        let totals: BTreeMap<_, _> =
            fixture.stock.pools.iter().map(|((location, _), pool)| (location.clone(), pool.free().unwrap())).collect();
        for change in std::iter::once(None).chain(changes.iter().map(Some)) {
            if let Some((change, confirmed)) = change {
                fixture.change(change);
                if *confirmed {
                    fixture.confirm_moves();
                }
            }
            let before = fixture.in_use();
            let plan = fixture.plan();
            let after = fixture.in_use();
            let preview = &plan.preview;
            prop_assert_eq!(&preview.gains, &after.difference(&before).cloned().collect());
            prop_assert_eq!(&preview.loses, &before.difference(&after).cloned().collect());
            prop_assert_eq!(union(&preview.keeps, &preview.moves), before.intersection(&after).cloned().collect());
            prop_assert!(preview.gains.is_disjoint(&preview.loses));
            for seat in &preview.gains {
                *granted.entry(seat.location.clone()).or_default() += 1;
            }
            prop_assert!(fixture.uses().values().all(|uses| *uses <= 5));
            let outcomes: Vec<_> = plan.report.lines.iter().map(|line| (line.id, line.outcome.name())).collect();
            let again = fixture.plan();
            prop_assert!(again.preview.changes_nothing(), "{:?}\nthen {:?}", plan, again);
            let steady = |name: &'static str| match name { "gains" | "reuses" => "keeps", name => name };
            for ((id, first), line) in outcomes.iter().zip(&again.report.lines) {
                let gone = ["loses", "not_given"].contains(first) || *first == "unlicensed";
                prop_assert!(gone || steady(first) == line.outcome.name(), "{}: {} then {:?}", id, first, line);
            }
        }
        for (location, count) in granted {
            prop_assert!(count <= totals[&location], "more seats were taken than were free");
        }
    }
}
