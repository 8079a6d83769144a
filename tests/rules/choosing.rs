//! Choices: which token serves which recipient.

use mdm_vpp::{
    catalog::Approval,
    policy::{
        Choice, ChoiceApp, ChoiceAppKind, Distribution, Enrollment, LicenseKind, LicenseType, NotRelevant,
        OwnerSays, Target, TargetOf, Trace, TraceStep, choose, explain,
    },
};

use crate::fixture::{candidate, group, owning, person, public, ranked, served, to_everyone};

#[test]
fn s15_rule_an_app_that_awaits_approval_or_was_refused_has_no_recipients() {
    let distribution = to_everyone(LicenseType::Automatic);
    let tokens = [owning("Berlin", &[], 0)];
    let with = |approval| {
        let app = ChoiceApp { approval, ..public(&distribution) };
        choose(&app, &ranked(&tokens), &person("ada", &[]), None)
    };
    assert_eq!(with(Approval::Awaiting), Choice::AwaitingApproval);
    assert_eq!(with(Approval::Refused), Choice::Refused);
    assert!(matches!(with(Approval::Approved), Choice::Licensed { .. }));
    assert!(matches!(with(Approval::NotNeeded), Choice::Licensed { .. }));
}

#[test]
fn s16_rule_with_a_single_token_outsiders_get_the_app_without_a_license() {
    let tokens = [owning("Berlin", &["field-staff"], 0)];
    assert_eq!(served(&tokens, &person("member", &["field-staff"])), "Berlin");
    assert_eq!(served(&tokens, &person("outsider", &["office"])), "Unlicensed");
}

#[test]
fn s16_rule_where_an_unlicensed_install_is_impossible_it_is_not_relevant_with_its_reason() {
    let tokens = [owning("Berlin", &["field-staff"], 0)];
    let distribution = to_everyone(LicenseType::Automatic);
    let outsider = |enrollment, kind| {
        let mut outsider = person("outsider", &[]);
        outsider.device.as_mut().unwrap().enrollment = enrollment;
        choose(&ChoiceApp { kind, ..public(&distribution) }, &ranked(&tokens), &outsider, None)
    };
    for (enrollment, kind, why) in [
        (Enrollment::Device, ChoiceAppKind::Custom, NotRelevant::UnlicensedCustomApp),
        (Enrollment::Device, ChoiceAppKind::MacOs, NotRelevant::UnlicensedMacOsApp),
        (Enrollment::Device, ChoiceAppKind::Book, NotRelevant::UnlicensedBook),
        (Enrollment::Device, ChoiceAppKind::GoneFromStore, NotRelevant::UnlicensedGoneFromStore),
        (Enrollment::User, ChoiceAppKind::Public, NotRelevant::UnlicensedOnUserEnrolledDevice),
        (Enrollment::SharedDevice, ChoiceAppKind::Public, NotRelevant::UnlicensedOnSharedDevice),
    ] {
        assert_eq!(outsider(enrollment, kind), Choice::NotRelevant { why });
    }
}

#[test]
fn s17_rule_two_tokens_with_disjoint_groups_each_serve_their_own_users_and_overlap_has_an_order() {
    let tokens = [owning("North", &["north"], 5), owning("South", &["south"], 1), owning("Open", &[], 0)];
    assert_eq!(served(&tokens, &person("nils", &["north"])), "North");
    assert_eq!(served(&tokens, &person("sara", &["south"])), "South");
    assert_eq!(served(&tokens, &person("omar", &[])), "Open");

    let both = person("both", &["north", "south"]);
    assert_eq!(served(&tokens, &both), "South", "restricted before open, then the smaller priority");
    let distribution = to_everyone(LicenseType::Automatic);
    let (_, trace) = explain(&public(&distribution), &ranked(&tokens), &both, None);
    let order: Vec<String> = trace
        .steps
        .iter()
        .filter_map(|step| match step {
            TraceStep::Owner { token, says: OwnerSays::Gives { .. }, .. } => Some(token.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(order, ["South", "North", "Open"], "the trace shows the order");
}

#[test]
fn s22_rule_impossible_pairs_are_not_relevant_by_device_criteria() {
    let tokens = [owning("Berlin", &[], 0)];
    let elsewhere = [owning("Berlin", &["others"], 0)];
    let with = |license, enrollment, has_user: bool, tokens: &[_]| {
        let mut person = person("ada", &[]);
        person.device.as_mut().unwrap().enrollment = enrollment;
        if !has_user {
            person.user = None;
        }
        choose(&public(&to_everyone(license)), &ranked(tokens), &person, None)
    };
    for (choice, expected) in [
        (
            with(LicenseType::Automatic, Enrollment::SharedDevice, true, &elsewhere),
            NotRelevant::UnlicensedOnSharedDevice,
        ),
        (
            with(LicenseType::Device, Enrollment::User, true, &tokens),
            NotRelevant::DeviceLicenseOnUserEnrolledDevice,
        ),
        (with(LicenseType::User, Enrollment::Device, false, &tokens), NotRelevant::UserLicenseWithoutUser),
    ] {
        assert_eq!(choice, Choice::NotRelevant { why: expected });
        assert!(expected.is_device_criteria());
    }
}

#[test]
fn p5_rule_a_swap_of_priorities_moves_no_recipient_that_holds_a_license() {
    let distribution = to_everyone(LicenseType::Automatic);
    let before = [owning("A", &[], 1), owning("B", &[], 2)];
    let swapped = [owning("A", &[], 2), owning("B", &[], 1)];
    let ada = person("ada", &[]);
    let held = candidate("A");
    let choice = choose(&public(&distribution), &ranked(&swapped), &ada, Some(&held));
    let Choice::Licensed { candidates } = choice else { unreachable!("Ada has a license") };
    assert_eq!(candidates[0], held);
    assert_eq!(
        (served(&before, &ada), served(&swapped, &ada)),
        ("A".to_owned(), "B".to_owned()),
        "new recipients follow the priorities"
    );
}

#[test]
fn n2_rule_every_decision_carries_a_trace_that_evaluates_to_the_same_answer() {
    let tokens = [owning("North", &["north"], 0), owning("Open", &[], 0)];
    let one = Target { to: TargetOf::Group { group: group("north") }, license: LicenseType::User };
    for (distribution, person) in [
        (to_everyone(LicenseType::Device), person("nils", &["north"])),
        (to_everyone(LicenseType::User), person("omar", &[])),
        (Distribution { targets: vec![one] }, person("omar", &[])),
        (Distribution::default(), person("rita", &[])),
    ] {
        let (choice, trace) = explain(&public(&distribution), &ranked(&tokens), &person, None);
        assert_eq!(trace.choice(), choice);
        let written = serde_json::to_string(&trace).unwrap();
        let read: Trace = serde_json::from_str(&written).unwrap();
        assert_eq!(read.choice(), choice, "also after it was written and read: {written}");
    }
    let book = LicenseKind::User;
    assert_eq!(serde_json::to_value(book).unwrap()["kind"], "user");
}
