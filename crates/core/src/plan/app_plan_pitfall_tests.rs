//! Pitfalls that administrators have reported about other products: a device listed twice, a move that takes long, a
//! device that changes its user, a policy that is turned on late.

use std::{collections::BTreeMap, num::NonZeroU32};

use chrono::TimeDelta;

use super::{testing::*, *};
use crate::{
    catalog::Approval,
    policy::{ChoiceAppKind, Distribution, KeepReason, LicenseType, ScopeLeftRule, TargetOf},
    seats::{DepartureTrigger, DeviceLimit},
    testing::now,
    token::OutOfLicenseRule,
};

#[test]
fn a_device_that_enrolled_again_under_another_id_has_one_seat() {
    let mut fixture = Fixture::with_tokens(&[("a", &[], 2)]).with("old", "ada", &[]).again_as("new").with(
        "bob",
        "bob",
        &[],
    );
    let plan = fixture.plan();
    assert_eq!(names(&plan), [("bob", "gains"), ("new", "gains"), ("old", "reuses")]);
    assert_eq!(plan.preview.gains.len(), 2);

    let mut fixture = Fixture::with_tokens(&[("a", &[], 1), ("b", &[], 5)])
        .with("old", "ada", &[])
        .using(of_device("a", "old"))
        .again_as("new");
    fixture.pool("a").occupied = 1;
    let plan = fixture.plan();
    assert_eq!(names(&plan), [("new", "reuses"), ("old", "keeps")]);
    fixture.policies.revoke_license_on_deletion_or_stop_of_distribution = true;
    let device = crate::id::DeviceId::new("new").unwrap();
    fixture.distribution = to(TargetOf::Device { device }, LicenseType::Automatic);
    let plan = fixture.plan();
    assert_eq!(names(&plan), [("new", "keeps"), ("old", "loses")]);
    assert!(plan.preview.changes_nothing(), "the device still has the app");
}

#[test]
fn a_move_that_is_under_way_is_neither_started_again_nor_forgotten() {
    let moving =
        || {
            let mut fixture = Fixture::with_tokens(&[("a", &["sales"], 5), ("b", &[], 5), ("c", &[], 5)])
                .with("d1", "ada", &[]);
            fixture.reclaim.on_token_scope_left = ScopeLeftRule::Revoke;
            let mut fixture = fixture.using(of_device("a", "d1"));
            let plan = fixture.plan();
            assert_eq!(names(&plan), [("d1", "moves")]);
            let moves = SeatMove { from: of_device("a", "d1"), to: [of_device("b", "d1")].into() };
            assert_eq!(
                (plan.preview.moves, plan.preview.loses.len()),
                (vec![moves], 0),
                "not before it was read"
            );
            fixture
        };
    let mut fixture = moving();
    fixture.pool("b").occupied = 5;
    let again = fixture.plan();
    assert_eq!(names(&again), [("d1", "moves")]);
    assert!(again.preview.changes_nothing());
    fixture.confirm_moves();
    assert_eq!(names(&fixture.plan()), [("d1", "keeps")]);

    let mut turned_back = moving();
    turned_back.devices[0].recipient.groups.insert(group("sales"));
    turned_back.tokens.remove(1);
    let plan = turned_back.plan();
    assert_eq!(plan.report.lines[0].outcome.name(), "keeps");
    assert_eq!(plan.report.lines[0].abandons, Some(of_device("b", "d1")));
    assert_eq!(plan.preview.loses, [of_device("b", "d1")].into());

    let mut stopped = moving().revoking().stopped();
    assert_eq!(stopped.plan().preview.loses, [of_device("a", "d1"), of_device("b", "d1")].into());
}

#[test]
fn a_license_that_a_policy_kept_is_not_taken_by_a_flag_that_is_turned_on_later() {
    let mut fixture = Fixture::with_device_on(of_device("a", "d1")).stopped();
    assert_eq!(names(&fixture.plan()), [("d1", "keeps")]);
    fixture.policies.revoke_license_on_deletion_or_stop_of_distribution = true;
    fixture.cause = PlanCause::DirectoryRead;
    let (trigger, why) = (DepartureTrigger::DistributionStopped, KeepReason::DecidedBefore);
    let because = KeepsBecause::Policy { trigger, why };
    assert_eq!(fixture.outcome(), Outcome::Keeps { seat: of_device("a", "d1"), because });
}

#[test]
fn a_device_that_gets_another_user_leaves_the_license_of_the_previous_one_whatever_the_groups() {
    for revocable in [true, false] {
        let mut fixture = Fixture::with_tokens(&[("a", &["sales"], 5), ("b", &[], 5)]).with("d1", "bob", &[]);
        (fixture.distribution, fixture.revocable) = (to(TargetOf::Everyone, LicenseType::User), revocable);
        let mut fixture = fixture.using(of_user("a", "ada"));
        let plan = fixture.plan();
        let moved = Outcome::Moves { from: of_user("a", "ada"), to: of_user("b", "bob") };
        assert_eq!(plan.report.lines[0].outcome, moved);
        assert_eq!(
            plan.preview.moves.len(),
            usize::from(revocable),
            "a license that cannot be revoked stays"
        );
    }
}

#[test]
fn the_new_phone_of_a_user_takes_the_seat_that_the_old_one_leaves() {
    let mut fixture =
        Fixture::with_tokens(&[("a", &[], 1)]).with("old", "ada", &[]).using(of_user("a", "ada"));
    fixture = fixture.with("new", "ada", &["mine"]);
    fixture.stock.device_limit = DeviceLimit(NonZeroU32::MIN);
    fixture.policies.revoke_license_on_deletion_or_stop_of_distribution = true;
    fixture.distribution = to(TargetOf::Group { group: group("mine") }, LicenseType::User);
    let plan = fixture.plan();
    assert_eq!(names(&plan), [("new", "reuses"), ("old", "loses")]);
    assert!(plan.preview.changes_nothing());
}

#[test]
fn a_device_that_waits_shares_the_seat_that_its_user_gets_in_the_same_plan() {
    let mut fixture = Fixture::with_tokens(&[("a", &["x"], 1), ("b", &[], 1)])
        .with("d1", "ada", &["x"])
        .with("d2", "ada", &[]);
    fixture.distribution = to(TargetOf::Everyone, LicenseType::User);
    fixture.pool("a").writable = false;
    assert_eq!(names(&fixture.plan()), [("d1", "reuses"), ("d2", "gains")]);
}

#[test]
fn the_longest_wait_is_served_first_and_a_start_in_the_future_counts_as_now() {
    let queue = |since: &[(&'static str, i64)]| {
        let mut fixture =
            Fixture::with_tokens(&[("a", &[], 1)]).with("new", "ada", &[]).with("old", "bob", &[]);
        let at = |(name, minutes): &(&'static str, i64)| (*name, now() + TimeDelta::minutes(*minutes));
        fixture.waiting_since = since.iter().map(at).collect();
        names(&fixture.plan())
    };
    assert_eq!(queue(&[("old", -1)]), [("new", "waits"), ("old", "gains")]);
    assert_eq!(queue(&[("old", 1)]), [("new", "gains"), ("old", "waits")], "as if both came now");
    assert_eq!(queue(&[("new", -1), ("old", -2)]), [("new", "waits"), ("old", "gains")]);
}

#[test]
fn a_seat_that_devices_outside_the_list_use_stays() {
    let mut fixture = Fixture::with_device_on(of_user("a", "ada")).revoking().stopped();
    fixture.used_elsewhere = BTreeMap::from([(of_user("a", "ada"), 1)]);
    let plan = fixture.plan();
    assert_eq!(names(&plan), [("d1", "loses")]);
    assert_eq!((plan.preview.loses.len(), plan.preview.keeps), (0, [of_user("a", "ada")].into()));
}

#[test]
fn a_license_that_cannot_be_revoked_or_done_without_stays() {
    let stopped = |revocable| {
        let mut fixture = Fixture::with_device_on(of_device("a", "d1")).revoking();
        (fixture.revocable, fixture.distribution) = (revocable, Distribution::default());
        fixture.outcome()
    };
    assert_eq!((stopped(true).name(), stopped(false).name()), ("loses", "keeps"));

    let mut custom =
        Fixture::with_tokens(&[("a", &["sales"], 9)]).with("d1", "ada", &[]).using(of_device("a", "d1"));
    (custom.kind, custom.reclaim.on_token_scope_left) = (ChoiceAppKind::Custom, ScopeLeftRule::Unlicensed);
    let (trigger, why) = (DepartureTrigger::TokenScopeLeft, KeepReason::NoUnlicensedInstall);
    let because = KeepsBecause::Policy { trigger, why };
    assert_eq!(custom.outcome(), Outcome::Keeps { seat: of_device("a", "d1"), because });
    custom.devices[0].kept = None;
    custom.reclaim.on_token_scope_left = ScopeLeftRule::Revoke;
    assert_eq!(custom.outcome().name(), "loses", "a custom app cannot be installed without a license");

    let mut exhausted = Fixture::with_tokens(&[("a", &[], 0)]).with("d1", "ada", &[]);
    (exhausted.kind, exhausted.paid) = (ChoiceAppKind::Custom, true);
    exhausted.pool("a").when_out_of_licenses = OutOfLicenseRule::InstallUnlicensed;
    assert_eq!(exhausted.outcome().name(), "waits");
}

#[test]
fn a_refusal_stops_the_distribution_whatever_causes_the_plan() {
    let mut fixture = Fixture::with_device_on(of_device("a", "d1")).revoking();
    (fixture.approval, fixture.cause) = (Approval::Refused, PlanCause::DirectoryRead);
    let Outcome::Loses { trigger, .. } = fixture.outcome() else { panic!("the seat is not released") };
    assert_eq!(trigger, DepartureTrigger::DistributionStopped);
}

#[test]
fn the_effect_of_a_change_is_told_from_that_of_the_directory() {
    let mut fixture = Fixture::with_tokens(&[("a", &[], 9)]);
    for name in ["d1", "d2"] {
        fixture = fixture.with(name, name, &["sales"]).using(of_device("a", name));
    }
    fixture.policies.revoke_license_on_deletion_or_stop_of_distribution = true;
    fixture.distribution = to(TargetOf::Group { group: group("sales") }, LicenseType::Device);
    fixture.devices[0].recipient.groups.clear();
    let mut changed = fixture.clone().stopped();
    let (before, after) = (fixture.plan().preview, changed.plan().preview);
    assert_eq!(before.loses, [of_device("a", "d1")].into());
    assert_eq!(after.beyond(&before).loses, [of_device("a", "d2")].into());
}
