//! Shortage: fewer licenses than recipients that need one.

use mdm_vpp::{
    catalog::PricingParam,
    chrono::{DateTime, Utc},
    id::LocationId,
    plan::{AllotPool, AllotPools, Allotment, Applicant, Reserved, WaitsFor, allot},
    token::OutOfLicenseRule,
};

use crate::fixture::{candidate, group, groups, pool};

fn pools<const N: usize>(pools: [(&str, AllotPool); N]) -> AllotPools {
    let key = |name| (LocationId::new(name).unwrap(), PricingParam::Standard);
    pools.into_iter().map(|(name, pool)| (key(name), pool)).collect()
}

/// The applicant that came as the nth, with the tokens that may give a license.
fn applicant(n: u32, of: &[&str], tokens: &[&str]) -> Applicant<u32> {
    Applicant {
        id: n,
        since: DateTime::<Utc>::from_timestamp(i64::from(n), 0).unwrap(),
        groups: groups(of),
        candidates: tokens.iter().map(|token| candidate(token)).collect(),
        unlicensed_possible: true,
    }
}

fn seats(pools: &mut AllotPools, applicants: &[Applicant<u32>]) -> Vec<(u32, Option<String>)> {
    let token = |allotment| match allotment {
        Allotment::Seat { candidate } => Some(candidate.location.to_string()),
        _ => None,
    };
    allot(pools, applicants).into_iter().map(|(id, allotment)| (id, token(allotment))).collect()
}

#[test]
fn p5_rule_when_one_token_is_exhausted_the_next_in_scope_serves_and_one_outside_gets_none() {
    let mut both = pools([("A", pool(1)), ("B", pool(5))]);
    let applicants =
        [applicant(1, &[], &["A", "B"]), applicant(2, &[], &["A", "B"]), applicant(3, &[], &["A"])];
    let served = seats(&mut both, &applicants);
    assert_eq!(served, [(1, Some("A".into())), (2, Some("B".into())), (3, None)]);
}

#[test]
fn p6_rule_eight_of_ten_reserved_make_the_third_outsider_wait_and_members_find_their_eight() {
    let mut reserved = pool(10);
    reserved.reservations.insert(group("nurses"), Reserved { licenses: 8, held: 0 });
    let mut app = pools([("A", reserved)]);
    let outsiders: Vec<_> = (1..=3).map(|n| applicant(n, &[], &["A"])).collect();
    let served = seats(&mut app, &outsiders);
    assert_eq!(served.iter().filter(|(_, token)| token.is_some()).count(), 2);
    assert_eq!(served[2], (3, None));

    let nurses: Vec<_> = (4..=12).map(|n| applicant(n, &["nurses"], &["A"])).collect();
    let served = seats(&mut app, &nurses);
    assert_eq!(served.iter().filter(|(_, token)| token.is_some()).count(), 8, "never more than the total");
}

#[test]
fn p8_rule_one_shortage_three_policies_three_outcomes() {
    for (rule, expected) in [
        (OutOfLicenseRule::WaitInOrder, Allotment::Wait { waits_for: WaitsFor::FreeSeat }),
        (OutOfLicenseRule::Fail, Allotment::Failed),
        (OutOfLicenseRule::InstallUnlicensed, Allotment::Unlicensed),
    ] {
        let mut empty = pools([("A", AllotPool { when_out_of_licenses: rule, ..pool(0) })]);
        assert_eq!(allot(&mut empty, &[applicant(1, &[], &["A"])]), [(1, expected)]);
    }
}

#[test]
fn p8_rule_a_free_license_goes_to_the_longest_wait_and_not_to_the_first_in_the_list() {
    let mut one = pools([("A", pool(1))]);
    let latecomer_first = [applicant(9, &[], &["A"]), applicant(2, &[], &["A"])];
    assert_eq!(seats(&mut one, &latecomer_first), [(2, Some("A".into())), (9, None)]);
}
