//! Plans of one app, recipient by recipient.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU32,
};

use super::{testing::*, *};
use crate::{
    catalog::{Approval, AssetKey},
    id::{AdamId, DeviceId},
    policy::{
        AppEffect, ChoiceApp, ChoiceAppKind, Distribution, Grace, KeepReason, LicenseType, NotRelevant,
        Owners, ScopeLeftRule, TargetOf,
    },
    seats::{DepartureTrigger, DeviceLimit, SeatKey},
    testing::{location_id, now},
};

fn set<const N: usize>(seats: [SeatKey; N]) -> BTreeSet<SeatKey> {
    BTreeSet::from(seats)
}

#[test]
fn new_recipients_get_seats_in_the_order_of_the_waitlist_and_the_rest_wait() {
    let mut fixture = Fixture::with_tokens(&[("a", &[], 2)])
        .with("d1", "ada", &[])
        .with("d2", "bob", &[])
        .with("d3", "eve", &[]);
    let plan = fixture.plan();
    assert_eq!(names(&plan), [("d1", "gains"), ("d2", "gains"), ("d3", "waits")]);
    assert_eq!(plan.preview.gains, set([of_device("a", "d1"), of_device("a", "d2")]));
    assert_eq!(plan.report.waiting().collect::<Vec<_>>(), [(&"d3", &WaitsFor::FreeSeat)]);
    assert_eq!(plan.report.counts(), BTreeMap::from([("gains", 2), ("waits", 1)]));
    let again = fixture.plan();
    assert!(again.preview.changes_nothing());
    assert_eq!(names(&again), [("d1", "keeps"), ("d2", "keeps"), ("d3", "waits")]);
}

#[test]
fn a_recipient_of_no_target_departs_by_the_policies_of_the_app() {
    let stopped = || Fixture::with_device_on(of_device("a", "d1")).stopped();
    let trigger = DepartureTrigger::DistributionStopped;
    let because = KeepsBecause::Policy { trigger, why: KeepReason::RuleOff };
    assert_eq!(stopped().outcome(), Outcome::Keeps { seat: of_device("a", "d1"), because });

    let mut fixture = stopped().revoking();
    fixture.policies.remove_app_on.deletion_or_stop_of_distribution = true;
    fixture.cause = PlanCause::DirectoryRead;
    let plan = fixture.plan();
    assert_eq!(
        plan.report.lines[0].outcome,
        Outcome::Loses {
            seat: of_device("a", "d1"),
            trigger: DepartureTrigger::TargetGroupLeft,
            app: AppEffect::Remove,
            grace: Grace::None
        }
    );
    assert_eq!(plan.preview.loses, set([of_device("a", "d1")]));
    assert_eq!(plan.preview.releases(), BTreeMap::from([(location_id("a"), 1)]));
}

#[test]
fn a_recipient_that_leaves_the_groups_of_a_token_follows_the_reclaim_rule() {
    let left = |rule| {
        let mut fixture =
            Fixture::with_tokens(&[("a", &["sales"], 9)]).with("d1", "ada", &[]).using(of_device("a", "d1"));
        fixture.reclaim.on_token_scope_left = rule;
        fixture.paid = true;
        fixture
    };
    let trigger = DepartureTrigger::TokenScopeLeft;
    let because = KeepsBecause::Policy { trigger, why: KeepReason::RuleOff };
    assert_eq!(left(ScopeLeftRule::Keep).outcome(), Outcome::Keeps { seat: of_device("a", "d1"), because });
    let unlicensed = Outcome::Unlicensed { user_pays: true, leaves: Some(of_device("a", "d1")) };
    assert_eq!(left(ScopeLeftRule::Unlicensed).outcome(), unlicensed);
    assert_eq!(left(ScopeLeftRule::Revoke).outcome(), unlicensed, "the recipient is an outsider from now on");

    let with_another = |total| {
        let mut fixture =
            Fixture::with_tokens(&[("a", &["sales"], 9), ("b", &[], total)]).with("d1", "ada", &[]);
        fixture.reclaim.on_token_scope_left = ScopeLeftRule::Revoke;
        fixture.using(of_device("a", "d1"))
    };
    let moved = Outcome::Moves { from: of_device("a", "d1"), to: of_device("b", "d1") };
    assert_eq!(with_another(1).outcome(), moved);
    assert_eq!(with_another(0).outcome().name(), "loses", "the rule releases it all the same");
}

#[test]
fn an_install_without_a_license_says_whether_the_user_pays() {
    let outsider = |paid| {
        let mut fixture = Fixture::with_tokens(&[("a", &["sales"], 9)]).with("d1", "ada", &[]);
        fixture.paid = paid;
        fixture.plan().report
    };
    assert_eq!(outsider(true).users_pay().collect::<Vec<_>>(), [&"d1"]);
    assert_eq!(outsider(false).users_pay().count(), 0);
}

#[test]
fn the_devices_of_a_user_share_a_seat_up_to_the_limit_and_the_last_to_leave_releases_it() {
    let mut fixture = Fixture::with_tokens(&[("a", &[], 9)])
        .with("d1", "ada", &[])
        .with("d2", "ada", &[])
        .with("d3", "ada", &["others"])
        .with("d4", "eve", &[]);
    fixture.distribution = to(TargetOf::Everyone, LicenseType::User);
    fixture.stock.device_limit = DeviceLimit(NonZeroU32::new(2).unwrap());
    let plan = fixture.plan();
    assert_eq!(names(&plan), [("d1", "gains"), ("d2", "reuses"), ("d3", "waits"), ("d4", "gains")]);
    assert_eq!(plan.report.waiting().collect::<Vec<_>>(), [(&"d3", &WaitsFor::DeviceLimit)]);
    assert_eq!(plan.preview.gains, set([of_user("a", "ada"), of_user("a", "eve")]));

    fixture.policies.revoke_license_on_deletion_or_stop_of_distribution = true;
    fixture.distribution = to(TargetOf::Device { device: DeviceId::new("d2").unwrap() }, LicenseType::User);
    let plan = fixture.plan();
    assert_eq!(names(&plan), [("d1", "loses"), ("d2", "keeps"), ("d3", "not_given"), ("d4", "loses")]);
    assert_eq!(plan.preview.loses, set([of_user("a", "eve")]), "another device still uses the other");
    fixture.distribution = Distribution::default();
    assert_eq!(fixture.plan().preview.loses, set([of_user("a", "ada")]));
}

#[test]
fn when_all_devices_of_a_user_leave_at_once_the_seat_is_released_once() {
    let mut fixture = Fixture::with_device_on(of_user("a", "ada"));
    fixture = fixture.with("d2", "ada", &[]).using(of_user("a", "ada"));
    fixture.policies.revoke_license_on_deletion_or_stop_of_distribution = true;
    fixture.distribution = Distribution::default();
    let plan = fixture.plan();
    assert_eq!(names(&plan), [("d1", "loses"), ("d2", "loses")]);
    assert_eq!(plan.preview.loses, set([of_user("a", "ada")]));
    assert_eq!(plan.preview.keeps, set([]));
}

#[test]
fn a_seat_that_a_policy_kept_is_used_again_and_no_license_is_taken() {
    let mut fixture = Fixture::with_tokens(&[("a", &[], 9), ("b", &[], 9)]).with("d1", "ada", &[]);
    fixture.kept_seats.push(of_device("b", "d1"));
    let plan = fixture.plan();
    assert_eq!(plan.report.lines[0].outcome, Outcome::Reuses { seat: of_device("b", "d1") });
    assert!(plan.preview.changes_nothing());
}

#[test]
fn a_recipient_that_needs_another_seat_keeps_the_old_one_until_it_has_the_new_one() {
    let device_wanted = |total| {
        let mut fixture =
            Fixture::with_tokens(&[("a", &[], total)]).with("d1", "ada", &[]).using(of_user("a", "ada"));
        fixture.distribution = to(TargetOf::Everyone, LicenseType::Device);
        fixture
    };
    let moved = Outcome::Moves { from: of_user("a", "ada"), to: of_device("a", "d1") };
    assert_eq!(device_wanted(1).outcome(), moved);
    let waits = Outcome::Waits { waits_for: WaitsFor::FreeSeat, holds: Some(of_user("a", "ada")) };
    assert_eq!(device_wanted(0).outcome(), waits);
    let mut fixture = device_wanted(1);
    fixture.revocable = false;
    let kept = Outcome::Keeps { seat: of_user("a", "ada"), because: KeepsBecause::Irrevocable };
    assert_eq!(fixture.outcome(), kept);
}

#[test]
fn a_device_with_another_user_leaves_the_seat_of_the_previous_one() {
    let mut fixture =
        Fixture::with_tokens(&[("a", &[], 9)]).with("d1", "bob", &[]).using(of_user("a", "ada"));
    fixture.distribution = to(TargetOf::Everyone, LicenseType::User);
    assert_eq!(fixture.outcome(), Outcome::Moves { from: of_user("a", "ada"), to: of_user("a", "bob") });
}

#[test]
fn an_app_that_awaits_approval_again_gives_and_takes_nothing_and_a_refusal_ends_it() {
    let mut fixture = Fixture::with_tokens(&[("a", &[], 9)])
        .with("d1", "ada", &[])
        .with("d2", "bob", &[])
        .using(of_device("a", "d2"))
        .revoking();
    fixture.approval = Approval::Awaiting;
    let plan = fixture.plan();
    assert!(plan.preview.changes_nothing());
    assert_eq!(plan.report.waiting().collect::<Vec<_>>(), [(&"d1", &WaitsFor::Approval)]);
    fixture.approval = Approval::Refused;
    assert_eq!(names(&fixture.plan()), [("d1", "refused"), ("d2", "loses")]);
}

#[test]
fn a_seat_stays_when_no_event_asks_for_its_release() {
    let mut fixture = Fixture::with_tokens(&[]).with("d1", "ada", &[]).using(of_device("a", "d1"));
    let because = KeepsBecause::NotRelevant { why: NotRelevant::NotOwned };
    assert_eq!(fixture.outcome(), Outcome::Keeps { seat: of_device("a", "d1"), because });
}

#[test]
fn a_list_with_a_recipient_twice_or_a_seat_of_another_app_is_refused() {
    let one = Fixture::with_tokens(&[("a", &[], 9)]).with("d1", "ada", &[]);
    let recipient = &one.devices[0].recipient;
    let other = SeatKey {
        asset: AssetKey { adam_id: AdamId::new(8), ..of_device("a", "d1").asset },
        ..of_device("a", "d1")
    };
    let holds =
        Holding { seat: &other, moving_to: None, kept_after: None, revocable: true, reclaim: &one.reclaim };
    let asking = |holds| PlannedRecipient { id: 1, recipient, holds, waiting_since: None };
    let app = PlannedApp {
        adam_id: APP,
        app: ChoiceApp {
            kind: ChoiceAppKind::Public,
            approval: Approval::NotNeeded,
            distribution: &one.distribution,
        },
        policies: &one.policies,
        paid: false,
        owners: &Owners::default(),
        cause: PlanCause::ChangeApplied,
    };
    let plan = |recipients: &[_]| plan_app(&app, recipients, &mut AppStock::default(), now());
    assert_eq!(plan(&[asking(None), asking(None)]), Err(PlanRefusal::NamedTwice { at: 1 }));
    assert_eq!(plan(&[asking(Some(holds))]), Err(PlanRefusal::SeatOfAnotherApp { at: 0 }));
}
