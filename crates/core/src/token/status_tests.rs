//! The order of the statuses, and what each observation does.

use super::*;
use crate::{
    id::{ClaimId, InstallationId, LocationId},
    token::{MdmInfo, ReadOnly, Rejection, ReplyFacts, TokenObservation, TokenOperation},
};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn days(n: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(n)
}

fn claim() -> ClaimId {
    ClaimId::new(&InstallationId::new("here").unwrap(), &LocationId::new("1").unwrap())
}

fn facts(mdm_id: Option<&str>) -> ReplyFacts {
    let mdm_info =
        mdm_id.map(|id| MdmInfo { id: id.into(), name: "Some MDM".into(), metadata: String::new() });
    ReplyFacts { expires_at: None, mdm_info }
}

fn working() -> TokenCondition {
    TokenCondition { claim: ClaimHolder::Us, first_sync_done: true, ..TokenCondition::new(days(300)) }
}

fn rejected(number: u32) -> TokenObservation {
    let number = ErrorNumber(number);
    let meaning = RejectionKind::of(number).unwrap();
    TokenObservation::Rejected { meaning, number, message: "no".into() }
}

fn after(condition: &TokenCondition, observation: &TokenObservation) -> TokenCondition {
    condition.observe(observation, &claim(), now())
}

fn label(condition: &TokenCondition) -> &'static str {
    TokenStatus::of(condition, now()).label()
}

#[test]
fn when_several_hold_the_first_is_shown() {
    let mut condition = TokenCondition::new(days(-1));
    condition.claim = ClaimHolder::Other { mdm_info: MdmInfo { name: "Other".into(), ..MdmInfo::default() } };
    condition.read_only = Some(ReadOnly { reason: ReadOnlyReason::Role, message: String::new() });
    let rejection =
        |meaning| Rejection { meaning, number: ErrorNumber(0), message: String::new(), since: now() };

    condition.rejection = Some(rejection(RejectionKind::Revoked));
    assert_eq!(label(&condition), "Revoked");
    condition.rejection = Some(rejection(RejectionKind::Invalid));
    assert_eq!(label(&condition), "Invalid");
    condition.rejection = None;
    assert_eq!(label(&condition), "Expired");
    condition.expires_at = days(10);
    condition.rejection = Some(rejection(RejectionKind::Expired));
    assert_eq!(label(&condition), "Expired", "Apple's word counts before our clock");
    condition.rejection = None;
    assert_eq!(label(&condition), "Claimed by another MDM");
    condition.claim = ClaimHolder::Nobody;
    assert_eq!(label(&condition), "Read-only");
    condition.read_only = None;
    assert_eq!(label(&condition), "Joining");
    condition.claim = ClaimHolder::Us;
    assert_eq!(label(&condition), "Joining", "the first sync is still to come");
    condition.first_sync_done = true;
    assert_eq!(label(&condition), "Expiring");
    condition.expires_at = days(31);
    assert_eq!(label(&condition), "Active");
}

#[test]
fn each_number_of_apple_means_its_status_and_a_later_answer_ends_it() {
    for (number, expected) in [(9625, "Revoked"), (9622, "Invalid"), (9601, "Invalid"), (9621, "Expired")] {
        let refused = after(&working(), &rejected(number));
        assert_eq!(label(&refused), expected, "{number}");
        let seen_later = refused.observe(&rejected(number), &claim(), days(3));
        assert_eq!(seen_later, refused, "seen twice: since when it is so does not move");
        let answered = after(&refused, &TokenObservation::Answered(facts(Some("here:1"))));
        assert_eq!(answered, working());
    }
    assert_eq!(RejectionKind::of(ErrorNumber(9646)), None);
}

#[test]
fn a_foreign_claim_is_seen_on_any_reply_and_ours_is_known_again() {
    let foreign = after(&working(), &TokenObservation::Answered(facts(Some("there:1"))));
    assert_eq!(label(&foreign), "Claimed by another MDM");
    assert_eq!(after(&foreign, &TokenObservation::Claimed(facts(Some("here:1")))), working());

    let cleared = after(&working(), &TokenObservation::Answered(facts(None)));
    assert_eq!(label(&cleared), "Joining", "somebody cleared our claim: it has to be made again");
}

#[test]
fn a_token_that_may_not_write_is_read_only_until_a_write_works() {
    let reason = ReadOnlyReason::of(ErrorNumber(9637)).unwrap();
    let refused = after(&working(), &TokenObservation::WriteRefused { reason, message: "role".into() });
    assert_eq!(label(&refused), "Read-only");
    assert_eq!(label(&after(&refused, &TokenObservation::Answered(facts(Some("here:1"))))), "Read-only");
    assert_eq!(label(&after(&refused, &TokenObservation::Claimed(facts(Some("here:1"))))), "Active");
}

#[test]
fn a_renewal_clears_what_the_old_token_suffered_and_keeps_the_claim() {
    let dead = after(&working(), &rejected(9625));
    let reason = ReadOnlyReason::Role;
    let dead = after(&dead, &TokenObservation::WriteRefused { reason, message: String::new() });
    let dead = after(&dead, &rejected(9625));
    let renewed = after(&dead, &TokenObservation::Renewed { expires_at: days(365) });
    assert_eq!(label(&renewed), "Active");
    assert_eq!(renewed.expires_at, days(365));
}

#[test]
fn a_status_that_forbids_something_says_what_to_do() {
    let revoked = TokenStatus::of(&after(&working(), &rejected(9625)), now());
    let refusal = revoked.check(TokenOperation::Write).unwrap_err().to_string();
    assert!(refusal.contains("changing licenses") && refusal.contains("Revoked"), "{refusal}");
    assert!(refusal.contains("password") && refusal.contains("Apple Support"), "{refusal}");
    assert!(TokenStatus::Joining.check(TokenOperation::Write).is_err());
    assert!(revoked.check(TokenOperation::Sync).is_ok(), "reads are never blocked: they are the probe");
}
