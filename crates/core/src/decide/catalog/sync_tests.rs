//! What a sync admits, counts and makes due.

use chrono::TimeDelta;

use super::*;
use crate::{
    catalog::{
        Approval, Counts, Platform, PricingParam, ProductType,
        testing::{app_asset, listing},
    },
    decide::catalog::{
        Addition, AdditionRefusal, AdditionVerdict, DetailsComment, DetailsStatus, LicenseCount,
        TokenDetailsRow, decide_add_app, stores_to_ask, token_details,
    },
    testing::{ada, days, location_id, now},
    token::{
        StorePlatform,
        testing::{claim, claimed_by, claimed_by_us, token},
    },
    transaction::CallFailure,
};

fn berlin() -> Loaded {
    Loaded { tokens: vec![token("Berlin", "1")], ..Loaded::default() }
}

fn listed(adam_id: u64) -> (AdamId, Lookup) {
    (AdamId::new(adam_id), Lookup::Listed(listing(adam_id, &format!("App {adam_id}"))))
}

fn read(assets: Vec<Asset>, lookups: impl IntoIterator<Item = (AdamId, Lookup)>) -> SyncFindings {
    let id = location_id("1");
    SyncFindings {
        location: crate::token::testing::location("1", "Berlin"),
        reply: claimed_by_us(&id),
        basis: TokenBasis::of(&token("Berlin", "1")),
        pools_before: Vec::new(),
        assets,
        read_at: now(),
        region: Region::new("DE").unwrap(),
        lookups: lookups.into_iter().collect(),
        lookup_failure: None,
        claim: claim(&id),
        job: Job::at(JobKind::SyncAssets { location: id }, now()),
        resumed: Vec::new(),
        next_at: days(1),
    }
}

fn synced(loaded: &Loaded, findings: &SyncFindings) -> (Loaded, Decision, SyncReport) {
    let (decision, report) = decide_sync_assets(loaded, &location_id("1"), findings, now()).unwrap();
    let mut after = loaded.clone();
    decision.apply_to(&mut after);
    (after, decision, report)
}

fn skipped(report: &SyncReport) -> Vec<(u64, SkipReason)> {
    report.skipped.iter().map(|asset| (asset.adam_id.number(), asset.reason)).collect()
}

fn rows(loaded: &Loaded) -> Vec<(u64, DetailsStatus, DetailsComment)> {
    let row = |row: &TokenDetailsRow| (row.adam_id.number(), row.status, row.comment);
    token_details(loaded).iter().map(row).collect()
}

#[test]
fn each_asset_is_added_found_skipped_or_missed_once() {
    let mut book = app_asset(4, &[], 3);
    book.product_type = ProductType::Book;
    let assets = vec![
        app_asset(1, &[Platform::Ios, Platform::MacOs], 10),
        app_asset(2, &[Platform::Ios], 10),
        app_asset(3, &[Platform::MacOs], 10),
        book,
    ];
    let token = &berlin().tokens[0];
    assert_eq!(lookups_needed(&berlin(), token, &assets), [AdamId::new(1), AdamId::new(2)]);

    let findings = read(assets, [listed(1), (AdamId::new(2), Lookup::NotListed)]);
    let (after, decision, report) = synced(&berlin(), &findings);
    assert_eq!(report.added, [AdamId::new(1)]);
    assert_eq!(report.not_found, [AdamId::new(2)]);
    assert_eq!(skipped(&report), [(3, SkipReason::MacOsApp), (4, SkipReason::Book)]);
    assert_eq!(after.apps[&AdamId::new(1)].policies, token.settings.policies);
    assert!(decision.jobs.contains(&Job::at(JobKind::TellCatalog { adam_id: AdamId::new(1) }, now())));
    assert_eq!(
        rows(&after),
        [
            (1, DetailsStatus::Success, DetailsComment::AppAddedSuccessfully),
            (2, DetailsStatus::Failed, DetailsComment::AppNotFound),
        ]
    );

    let (again, decision, report) = synced(&after, &findings);
    assert_eq!((again.apps, again.admissions), (after.apps.clone(), after.admissions.clone()));
    assert_eq!((report.added, report.not_found, decision.audit), (vec![], vec![], vec![]));
    assert_eq!(
        lookups_needed(&after, token, &findings.assets),
        [AdamId::new(2)],
        "a failed row is tried again"
    );
}

#[test]
fn an_app_of_the_catalog_keeps_its_policies_and_its_time() {
    let first = synced(&berlin(), &read(vec![app_asset(1, &[], 1)], [listed(1)])).0;
    let mut munich = Loaded { admissions: BTreeMap::new(), ..first };
    munich.tokens[0].settings.policies.app_approval = true;
    let (after, _, report) = synced(&munich, &read(vec![app_asset(1, &[], 1)], []));
    assert_eq!(report.already_there, [AdamId::new(1)]);
    assert_eq!(after.apps, munich.apps);
    assert_eq!(rows(&after), [(1, DetailsStatus::Success, DetailsComment::AppAlreadyExists)]);
    assert_eq!(token_details(&after)[0].added_at, Some(munich.apps[&AdamId::new(1)].added_at));
}

#[test]
fn a_token_that_adds_nothing_shows_only_what_the_catalog_has() {
    let mut loaded = berlin();
    loaded.tokens[0].settings.detail.add_apps_automatically = false;
    let assets = vec![app_asset(1, &[], 1)];
    assert_eq!(lookups_needed(&loaded, &loaded.tokens[0], &assets), []);
    let (after, decision, report) = synced(&loaded, &read(assets, []));
    assert_eq!((decision.apps, rows(&after)), (vec![], vec![]));
    assert_eq!(skipped(&report), [(1, SkipReason::AutomaticAdditionOff)]);
    assert_eq!(after.pools.len(), 1, "licenses are counted all the same");
}

#[test]
fn a_mac_app_that_the_platforms_do_not_betray_is_known_by_its_device_families() {
    let mut mac = listing(1, "Mac App");
    mac.device_families = BTreeSet::from(["mac".to_owned()]);
    let findings = read(vec![app_asset(1, &[], 1)], [(AdamId::new(1), Lookup::Listed(mac))]);
    let (after, _, report) = synced(&berlin(), &findings);
    assert_eq!(skipped(&report), [(1, SkipReason::MacOsApp)]);
    assert!(after.apps.is_empty());
}

#[test]
fn a_store_that_does_not_answer_is_asked_again_soon_and_nothing_is_called_missing() {
    let mut findings = read(vec![app_asset(1, &[], 7)], []);
    findings.lookup_failure =
        Some(CallFailure { number: None, message: "no answer".into(), retry_after: None });
    let (after, decision, report) = synced(&berlin(), &findings);
    assert_eq!(
        (report.unanswered, report.lookup_failure.as_deref()),
        (vec![AdamId::new(1)], Some("no answer"))
    );
    assert_eq!(rows(&after), []);
    assert_eq!(after.pools[0].counts, Counts::Limited { total: 7, assigned: 0, available: 7, retired: 0 });
    assert_eq!(decision.jobs[0].at, now() + TimeDelta::minutes(1));
    assert_eq!(after.tokens[0].last_sync.clone().unwrap().failure.as_deref(), Some("no answer"));
}

#[test]
fn answers_of_a_region_that_the_token_has_left_are_not_used() {
    let mut findings = read(vec![app_asset(1, &[], 1)], [(AdamId::new(1), Lookup::NotListed)]);
    findings.region = Region::new("US").unwrap();
    let (after, _, report) = synced(&berlin(), &findings);
    assert_eq!((rows(&after), report.unanswered), (vec![], vec![AdamId::new(1)]));
}

#[test]
fn counts_that_were_read_earlier_do_not_overwrite_later_ones() {
    let after = synced(&berlin(), &read(vec![app_asset(1, &[], 20)], [listed(1)])).0;
    let mut earlier = read(vec![app_asset(1, &[], 10)], []);
    earlier.read_at = now() - TimeDelta::minutes(5);
    let (still, decision, _) = synced(&after, &earlier);
    assert_eq!(decision.pools, []);
    assert_eq!(still.pools, after.pools);
}

#[test]
fn an_asset_that_apple_lists_no_more_keeps_its_row_without_counts() {
    let after = synced(&berlin(), &read(vec![app_asset(1, &[], 20)], [listed(1)])).0;
    let gone = synced(&after, &read(vec![], [])).0;
    assert!(!gone.pools[0].listed);
    assert_eq!(gone.pools[0].counted_at, now());
    let row = &token_details(&gone)[0];
    assert_eq!((row.total, row.available, row.status), (None, None, DetailsStatus::Success));
}

#[test]
fn two_qualities_of_an_asset_are_one_row_and_unlimited_wins_the_sum() {
    let mut plus = app_asset(1, &[], 5);
    plus.pricing_param = PricingParam::HighQuality;
    let both = |plus: Asset| synced(&berlin(), &read(vec![app_asset(1, &[], 10), plus], [listed(1)])).0;
    let row = |loaded: &Loaded| token_details(loaded).remove(0);
    assert_eq!(row(&both(plus.clone())).total, Some(LicenseCount::Limited(15)));
    plus.counts = Counts::Unlimited { assigned: 3 };
    assert_eq!(row(&both(plus)).available, Some(LicenseCount::Unlimited));
}

#[test]
fn an_answer_for_another_location_saves_nothing() {
    let mut findings = read(vec![app_asset(1, &[], 1)], []);
    findings.location = crate::token::testing::location("2", "Bremen");
    let refusal = decide_sync_assets(&berlin(), &location_id("1"), &findings, now()).unwrap_err();
    assert!(matches!(refusal, SyncRefusal::OtherLocation { .. }));
}

#[test]
fn a_foreign_claim_seen_during_a_sync_shows_and_a_cleared_one_is_claimed_again() {
    let mut findings = read(vec![], []);
    findings.reply = claimed_by("Other MDM");
    let (after, decision, _) = synced(&berlin(), &findings);
    assert_eq!(after.tokens[0].status(now()).label(), "Claimed by another MDM");
    assert_eq!(decision.audit.len(), 1);
    findings.reply = ReplyFacts::default();
    let (_, decision, _) = synced(&berlin(), &findings);
    assert!(decision.jobs.contains(&Job::at(JobKind::ClaimLocation { location: location_id("1") }, now())));
}

#[test]
fn an_administrator_adds_what_the_store_knows_and_its_row_follows() {
    let addition = |lookup| Addition {
        token: location_id("1"),
        adam_id: AdamId::new(3),
        region: Region::new("DE").unwrap(),
        lookup,
        policies: crate::token::AppPolicies { app_approval: true, ..Default::default() },
    };
    let missing = decide_add_app(&berlin(), &addition(Lookup::NotListed), &ada(), now());
    assert!(matches!(missing, Err(AdditionRefusal::NotFound { .. })));

    let found = addition(Lookup::Listed(listing(3, "Mac App")));
    let (decision, _) = decide_add_app(&berlin(), &found, &ada(), now()).unwrap();
    let mut after = berlin();
    decision.apply_to(&mut after);
    assert_eq!(after.apps[&AdamId::new(3)].approval, Approval::Awaiting);
    let (nothing, verdict) = decide_add_app(&after, &found, &ada(), now()).unwrap();
    assert_eq!(nothing, Decision::default());
    assert!(matches!(verdict, AdditionVerdict::NotNeeded(_)));

    let after = synced(&after, &read(vec![app_asset(3, &[Platform::MacOs], 2)], [])).0;
    assert_eq!(rows(&after), [(3, DetailsStatus::Success, DetailsComment::AppAlreadyExists)]);
    assert!(token_details(&after)[0].awaiting_approval);
}

#[test]
fn an_app_of_unknown_platforms_is_looked_for_in_both_stores() {
    let after = synced(
        &berlin(),
        &read(vec![app_asset(1, &[Platform::MacOs], 1), app_asset(2, &[Platform::Ios], 1)], []),
    )
    .0;
    let ask = |adam_id| stores_to_ask(&after.tokens[0], &after.pools, AdamId::new(adam_id));
    assert_eq!(ask(1), [StorePlatform::Mac]);
    assert_eq!(ask(2), [StorePlatform::Enterprise]);
    assert_eq!(ask(3), [StorePlatform::Enterprise, StorePlatform::Mac]);
}

#[test]
fn a_reply_that_is_older_than_a_renewal_or_a_claim_says_nothing_about_the_token() {
    let stale = ReplyFacts { expires_at: Some(days(2)), ..claimed_by("Other MDM") };
    let mut findings = read(vec![app_asset(1, &[], 9)], []);
    findings.reply = stale;
    let mut renewed = berlin();
    renewed.tokens[0].generation = 2;
    let mut taken_over = berlin();
    taken_over.tokens[0].condition.read_only = None;
    findings.basis.condition.claim = crate::token::ClaimHolder::Unclaimed;
    for loaded in [renewed, taken_over] {
        let (after, decision, _) = synced(&loaded, &findings);
        assert_eq!(after.tokens[0].condition, loaded.tokens[0].condition);
        assert_eq!(after.pools.len(), 1, "its counts are as good as any");
        assert_eq!(decision.jobs[0].at, now(), "and it is read again at once");
    }
}

#[test]
fn counts_that_a_clock_ahead_of_time_wrote_do_not_stay_for_ever() {
    let mut ahead = read(vec![app_asset(1, &[], 10)], [listed(1)]);
    ahead.read_at = days(200);
    let mut frozen = synced(&berlin(), &ahead).0;
    frozen.pools[0].counted_at = days(200);
    let after = synced(&frozen, &read(vec![app_asset(1, &[], 100)], [])).0;
    assert_eq!(after.pools[0].counted_at, now());
}

#[test]
fn an_asset_that_is_named_twice_is_refused_and_nothing_is_decided() {
    let assets = vec![app_asset(1, &[], 10), app_asset(1, &[], 11)];
    let refusal = decide_sync_assets(&berlin(), &location_id("1"), &read(assets, []), now()).unwrap_err();
    assert_eq!(refusal.code(), "asset_twice");
}
