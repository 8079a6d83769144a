//! Names, locations, renewals, claims and edits between the tokens of a tenant.

use chrono::TimeDelta;

use crate::{
    apple_error::ErrorNumber,
    decide::token::{
        Renewal, RenewalRefusal, RenewalVerdict, TokenCall, TokenCallResult, Upload, UploadRefusal,
        decide_claim_location, decide_edit_token, decide_record_call, decide_renew_token,
        decide_upload_token,
    },
    testing::{ada, days, location_id, now},
    token::{
        ContentToken, Location, RegistryRefusal, ReplyFacts,
        testing::{claim, claimed_by, claimed_by_us, file, location, settings, token},
    },
    transaction::{AuditAct, CallFailure, Job, JobKind, Loaded, TokenChange},
};

fn one_token() -> Loaded {
    Loaded { tokens: vec![token("Berlin", "1")], ..Loaded::default() }
}

fn upload(name: &str, location: Location) -> Upload {
    let claim = claim(&location.id);
    Upload {
        settings: settings(name),
        file: file(location.id.as_str(), days(365)),
        location,
        reply: ReplyFacts::default(),
        claim,
        take_over: false,
    }
}

fn acts(decision: &crate::transaction::Decision) -> Vec<AuditAct> {
    decision.audit.iter().map(|draft| draft.act.clone()).collect()
}

#[test]
fn an_upload_is_stored_as_joining_with_its_claim_and_sync_due() {
    let decision =
        decide_upload_token(&Loaded::default(), &upload("Berlin", location("1", "Berlin")), &ada(), now())
            .unwrap();
    let kinds: Vec<&JobKind> = decision.jobs.iter().map(|job| &job.kind).collect();
    let id = location_id("1");
    assert_eq!(
        kinds,
        [&JobKind::ClaimLocation { location: id.clone() }, &JobKind::SyncAssets { location: id }]
    );
    let mut stored = Loaded::default();
    decision.apply_to(&mut stored);
    assert_eq!(stored.tokens[0].status(now()).label(), "Joining");
}

#[test]
fn a_claimed_location_is_stored_unclaimed_unless_the_upload_takes_it_over() {
    let mut foreign = upload("Berlin", location("1", "Berlin"));
    foreign.reply = claimed_by("Other MDM");
    let decide = |upload| decide_upload_token(&Loaded::default(), &upload, &ada(), now()).unwrap();
    let waiting = decide(foreign.clone());
    assert!(
        !waiting
            .jobs
            .iter()
            .any(|job| matches!(job.kind, JobKind::ClaimLocation { .. } | JobKind::TakeOverLocation { .. }))
    );
    let taken = decide(crate::decide::token::Upload { take_over: true, ..foreign });
    assert!(taken.jobs.iter().any(|job| matches!(job.kind, JobKind::TakeOverLocation { .. })));
    let from = "Other MDM (mdm.example.com)".to_owned();
    assert!(acts(&taken).contains(&AuditAct::TakeOverAsked { location: location_id("1"), from }));
}

#[test]
fn a_name_in_other_case_a_known_location_and_an_ended_file_are_refused() {
    let refusal = |upload: crate::decide::token::Upload| {
        decide_upload_token(&one_token(), &upload, &ada(), now()).unwrap_err()
    };
    let named = refusal(upload("BERLIN", location("2", "Bremen")));
    assert!(named.to_string().contains("`Berlin`"), "{named}");
    let located = refusal(upload("Bremen", location("1", "Berlin")));
    assert!(matches!(located, UploadRefusal::Registry(RegistryRefusal::LocationTaken { .. })));
    let mut ended = upload("Bremen", location("2", "Bremen"));
    ended.file = file("2", days(0));
    assert!(matches!(refusal(ended), UploadRefusal::File(_)));
}

fn renewal(id: &str, file: crate::token::TokenFile, current: &ContentToken) -> Renewal {
    Renewal {
        token: location_id("1"),
        file,
        location: location(id, &format!("Location {id}")),
        reply: claimed_by_us(&location_id(id)),
        current: Some(current.clone()),
        claim: claim(&location_id("1")),
    }
}

fn secret() -> ContentToken {
    file("1", days(365)).content_token().clone()
}

#[test]
fn a_fresh_file_revives_a_dead_token_and_changes_nothing_else() {
    let mut loaded = one_token();
    let rejected = failure(Some(9625));
    let called = called(TokenCallResult::SyncFailed(rejected), 1);
    decide_record_call(&loaded, &called, now()).apply_to(&mut loaded);
    assert_eq!(loaded.tokens[0].status(now()).label(), "Revoked");

    let (decision, verdict) =
        decide_renew_token(&loaded, &renewal("1", file("fresh", days(300)), &secret()), &ada(), now())
            .unwrap();
    assert_eq!(verdict, RenewalVerdict::Renewed);
    let TokenChange::Replace { token, .. } = &decision.tokens[0] else { unreachable!("the secret stays") };
    assert_eq!(token.status(now()).label(), "Active");
    assert_eq!((token.generation, &token.settings), (2, &loaded.tokens[0].settings));
    assert_eq!(token.location.name, "Location 1", "as Apple names it now");
    assert_eq!(acts(&decision).len(), 2, "the status and the update");
}

#[test]
fn the_same_file_is_not_needed_an_older_one_and_one_of_another_location_are_refused() {
    let mut loaded = one_token();
    loaded.tokens.push(token("Bremen", "2"));
    let decide = |renewal: Renewal| decide_renew_token(&loaded, &renewal, &ada(), now());

    let same = decide(renewal("1", file("1", days(365)), &secret())).unwrap();
    assert_eq!(same.1, RenewalVerdict::NotNeeded);
    assert!(matches!(same.0.tokens[0], TokenChange::Update { .. }));

    let older = decide(renewal("1", file("older", days(100)), &secret())).unwrap_err();
    assert!(matches!(older, RenewalRefusal::Older { .. }));

    let other = decide(renewal("2", file("2", days(365)), &secret())).unwrap_err().to_string();
    for name in ["`Berlin`", "uId 1", "`Location 2`", "uId 2", "`Bremen`"] {
        assert!(other.contains(name), "{name} is not named: {other}");
    }
    let mut unknown = renewal("1", file("1", days(365)), &secret());
    unknown.token = location_id("9");
    assert!(matches!(decide(unknown), Err(RenewalRefusal::UnknownToken { .. })));
}

fn failure(number: Option<u32>) -> CallFailure {
    CallFailure { number: number.map(ErrorNumber), message: "text of Apple".into(), retry_after: None }
}

fn called(answer: TokenCallResult, generation: u32) -> TokenCall {
    let id = location_id("1");
    let job = Job::at(JobKind::ClaimLocation { location: id.clone() }, now());
    TokenCall { claim: claim(&id), location: id, generation, job, result: answer }
}

#[test]
fn a_secret_that_cannot_be_opened_any_more_is_replaced_by_any_file_of_the_location() {
    let mut lost = renewal("1", file("older", days(100)), &secret());
    lost.current = None;
    let (_, verdict) = decide_renew_token(&one_token(), &lost, &ada(), now()).unwrap();
    assert_eq!(verdict, RenewalVerdict::Renewed);
}

#[test]
fn an_answer_to_an_older_secret_is_asked_again() {
    let stale = TokenCallResult::Claimed(claimed_by("Other MDM"));
    let decision = decide_record_call(&one_token(), &called(stale, 0), now());
    assert_eq!((decision.tokens.len(), decision.jobs[0].at), (0, now()));
}

#[test]
fn a_rejection_of_an_older_secret_says_nothing_about_the_new_one() {
    let decision = decide_record_call(
        &one_token(),
        &called(TokenCallResult::ClaimFailed(failure(Some(9625))), 0),
        now(),
    );
    assert_eq!(decision.tokens, []);
    assert_eq!(decision.jobs[0].at, now() + TimeDelta::hours(24));
}

#[test]
fn a_claim_completes_its_job_and_a_failed_one_is_tried_again() {
    let mut loaded = one_token();
    loaded.tokens[0].condition.claim = crate::token::ClaimHolder::Unclaimed;
    let taken = decide_record_call(
        &loaded,
        &called(TokenCallResult::Claimed(claimed_by_us(&location_id("1"))), 1),
        now(),
    );
    assert_eq!((taken.jobs.len(), taken.completed.len()), (0, 1));
    assert!(acts(&taken).contains(&AuditAct::LocationClaimed { location: location_id("1") }));

    let ignored =
        decide_record_call(&loaded, &called(TokenCallResult::Claimed(ReplyFacts::default()), 1), now());
    assert_eq!(ignored.jobs[0].at, now() + TimeDelta::hours(24), "Apple took the claim and does not show it");

    let read_only =
        decide_record_call(&loaded, &called(TokenCallResult::ClaimFailed(failure(Some(9637))), 1), now());
    assert_eq!(read_only.tokens[0].token().status(now()).label(), "Read-only");

    let gone = decide_record_call(
        &Loaded::default(),
        &called(TokenCallResult::ClaimFailed(failure(None)), 1),
        now(),
    );
    assert_eq!((gone.completed.len(), gone.jobs.len()), (1, 0), "a deleted token is not called again");
}

#[test]
fn an_explicit_claim_is_recorded_and_refused_for_a_dead_token() {
    let mut loaded = one_token();
    assert_eq!(
        decide_claim_location(&loaded, &location_id("1"), &ada(), now()).unwrap().jobs,
        [],
        "it is ours"
    );
    let mdm_info = claimed_by("Other MDM").mdm_info.unwrap();
    loaded.tokens[0].condition.claim = crate::token::ClaimHolder::Other { mdm_info };
    let asked = decide_claim_location(&loaded, &location_id("1"), &ada(), now()).unwrap();
    assert_eq!((asked.jobs.len(), asked.audit[0].actor.clone()), (1, ada()));
    loaded.tokens[0].condition.expires_at = days(-1);
    assert!(decide_claim_location(&loaded, &location_id("1"), &ada(), now()).is_err());
    assert!(decide_claim_location(&loaded, &location_id("9"), &ada(), now()).is_err());
}

#[test]
fn settings_change_alone_and_a_new_region_asks_for_a_sync() {
    let mut loaded = one_token();
    loaded.tokens.push(token("Bremen", "2"));
    let edit = |settings| decide_edit_token(&loaded, &location_id("1"), &settings, &ada(), now());
    assert_eq!(edit(settings("Berlin")).unwrap().tokens, [], "nothing new");
    assert!(edit(settings("BREMEN")).is_err());
    let renamed = edit(settings("berlin")).unwrap();
    assert_eq!((renamed.tokens.len(), renamed.jobs.len()), (1, 0), "its own name in other case");
    let mut moved = settings("Berlin");
    moved.detail.region = crate::token::Region::new("US").unwrap();
    assert_eq!(edit(moved).unwrap().jobs.len(), 1);
    let mut quiet = settings("Berlin");
    quiet.detail.add_apps_automatically = false;
    assert_eq!(edit(quiet).unwrap().jobs.len(), 1);
}
