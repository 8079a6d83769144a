//! Tokens come back as they were saved.

use std::sync::Arc;

use chrono::TimeDelta;
use mdm_vpp_core::{
    apple_error::ErrorNumber,
    id::{AdamId, GroupId},
    token::{
        AppPolicies, ClaimHolder, MdmInfo, OutOfLicenseRule, ReadOnly, ReadOnlyReason, Rejection,
        RejectionKind, RemoveAppOn, Reservation, StoreKind, SyncRecord, Token, TokenCondition, TokenScope,
    },
    transaction::Loaded,
};

use super::super::{
    Violation,
    rows::{at, insert, update},
    store_fixture::StoreFixture,
};
use crate::{LoadScope, Store, Tokens};

fn of(token: &Token) -> LoadScope {
    LoadScope { tokens: Tokens::Of(token.id().clone()), ..LoadScope::default() }
}

fn policies() -> AppPolicies {
    AppPolicies {
        remove_app_on: RemoveAppOn {
            mdm_control_removal: true,
            selective_wipe: false,
            deletion_or_stop_of_distribution: true,
            sign_out_from_shared_device: false,
        },
        revoke_license_on_deletion_or_stop_of_distribution: true,
        restrict_data_backup: false,
        app_approval: true,
    }
}

/// The same token in every condition, with every optional member set and unset.
fn shapes(story: &StoreFixture, plain: &Token) -> Result<Vec<Token>, Violation> {
    let condition = |change: &dyn Fn(&mut TokenCondition)| {
        let mut token = plain.clone();
        change(&mut token.condition);
        token
    };
    let rejection = |meaning, number| Rejection {
        meaning,
        number: ErrorNumber(number),
        message: "Apple's \"own\" text, 日本語 \\ 100 % 'quoted'".to_owned(),
        since: at(60),
    };
    let mut full = plain.clone();
    full.location.country = Some(story.germany);
    full.location.store = StoreKind::Education;
    full.settings.policies = policies();
    full.settings.detail.add_apps_automatically = true;
    full.settings.scope = scope()?;
    full.last_sync = Some(SyncRecord { at: at(120), failure: Some("the store did not answer".to_owned()) });
    full.generation = 7;
    full.organization = "Beispiel \"Süd\" & Söhne".to_owned();
    full.location.name = "Another library".to_owned();
    full.uploaded_at = at(-1) + TimeDelta::nanoseconds(123_456_789);
    let mdm_info = MdmInfo { id: "there:1".into(), name: "Other MDM".into(), metadata: "mdm.example".into() };
    let rule = |rule| {
        let mut token = plain.clone();
        token.settings.scope.when_out_of_licenses = rule;
        token
    };
    Ok(vec![
        full,
        Token { last_sync: Some(SyncRecord { at: at(120), failure: None }), ..plain.clone() },
        rule(OutOfLicenseRule::WaitInOrder),
        rule(OutOfLicenseRule::Fail),
        rule(OutOfLicenseRule::InstallUnlicensed),
        condition(&|it| it.first_sync_done = true),
        condition(&|it| it.claim = ClaimHolder::Us),
        condition(&|it| it.claim = ClaimHolder::Other { mdm_info: mdm_info.clone() }),
        condition(&|it| it.rejection = Some(rejection(RejectionKind::Revoked, 9625))),
        condition(&|it| it.rejection = Some(rejection(RejectionKind::Invalid, 9622))),
        condition(&|it| it.rejection = Some(rejection(RejectionKind::Expired, 9621))),
        condition(&|it| it.read_only = read_only(ReadOnlyReason::Role)),
        condition(&|it| it.read_only = read_only(ReadOnlyReason::ManagedByApple)),
        plain.clone(),
    ])
}

fn read_only(reason: ReadOnlyReason) -> Option<ReadOnly> {
    Some(ReadOnly { reason, message: String::new() })
}

fn scope() -> Result<TokenScope, Violation> {
    let group = GroupId::new("Außendienst / 営業").map_err(|error| Violation {
        check: "a token comes back as it was saved",
        step: "a group of the suite".to_owned(),
        expected: "that the core accepts it".to_owned(),
        found: error.to_string(),
    })?;
    Ok(TokenScope {
        groups: [group.clone()].into(),
        priority: u32::MAX,
        when_out_of_licenses: OutOfLicenseRule::Fail,
        reservations: vec![Reservation { adam_id: AdamId::new(7), group, licenses: 3 }],
    })
}

/// A token comes back as it was saved, in every condition, with every optional member set and unset.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_token_comes_back_as_it_was_saved(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a token comes back as it was saved", store)?;
    let plain = story.token(&story.berlin, "Berlin")?;
    story.turn(&story.acme, insert(plain.clone(), story.secret("secret")?)).await?;
    for shape in shapes(&story, &plain)? {
        story.turn(&story.acme, update(shape.clone())).await?;
        let loaded = story.load(&story.acme, &of(&shape)).await?;
        story.same("the token", &vec![shape], &loaded.tokens)?;
    }
    Ok(())
}

/// Names in any script come back as they were written.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_name_in_any_script_comes_back(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("a name in any script comes back", store)?;
    let names = ["Ελλάδα", "日本 東京", "مكتب", "e\u{301}cole", "🍏 'x' \"y\" %_;--", "Straße"];
    for (number, name) in (0..).zip(names) {
        let token = story.token(&story.location(&format!("20490250004314{number:02}"))?, name)?;
        story.turn(&story.acme, insert(token.clone(), story.secret("secret")?)).await?;
        let loaded = story.load(&story.acme, &of(&token)).await?;
        story.same("the token", &vec![token], &loaded.tokens)?;
    }
    Ok(())
}

/// Tokens come in the order of their locations.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn tokens_come_by_location(store: Arc<dyn Store>) -> Result<(), Violation> {
    let story = StoreFixture::begin("tokens come by location", store)?;
    for (location, name) in [("30", "A"), ("1", "C"), ("200", "B"), ("a", "D"), ("B", "E")] {
        story.turn(&story.acme, story.upload(&story.location(location)?, name)?).await?;
    }
    let scope = LoadScope { tokens: Tokens::All, ..LoadScope::default() };
    let Loaded { tokens, .. } = story.load(&story.acme, &scope).await?;
    let locations: Vec<&str> = tokens.iter().map(|token| token.id().as_str()).collect();
    story.same("the locations", &vec!["1", "200", "30", "B", "a"], &locations)
}
