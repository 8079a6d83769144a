//! Tokens come back as they were saved, and stand beside each other: one for each location, with names that differ.

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
    rows::{at, insert, replace, update},
    store_fixture::StoreFixture,
};
use crate::{LoadScope, Store, Tokens};

fn of(token: &Token) -> LoadScope {
    LoadScope::default().tokens(Tokens::Of(token.id().clone()))
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

/// The same token in every condition, with every optional user set and unset.
fn shapes(fixture: &StoreFixture, plain: &Token) -> Result<Vec<Token>, Violation> {
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
    full.location.country = Some(fixture.germany);
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

/// A token comes back as it was saved, in every condition, with every optional user set and unset.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_token_comes_back_as_it_was_saved(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a token comes back as it was saved", store)?;
    let plain = fixture.token(&fixture.berlin, "Berlin")?;
    fixture.save(&fixture.acme, insert(plain.clone(), fixture.secret("secret")?)).await?;
    for shape in shapes(&fixture, &plain)? {
        fixture.save(&fixture.acme, update(shape.clone())).await?;
        let loaded = fixture.load(&fixture.acme, &of(&shape)).await?;
        fixture.same("the token", &vec![shape], &loaded.tokens)?;
    }
    Ok(())
}

/// Names in any script come back as they were written.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_name_in_any_script_comes_back(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a name in any script comes back", store)?;
    let names = ["Ελλάδα", "日本 東京", "مكتب", "e\u{301}cole", "🍏 'x' \"y\" %_;--", "Straße"];
    for (number, name) in (0..).zip(names) {
        let token = fixture.token(&fixture.location(&format!("20490250004314{number:02}"))?, name)?;
        fixture.save(&fixture.acme, insert(token.clone(), fixture.secret("secret")?)).await?;
        let loaded = fixture.load(&fixture.acme, &of(&token)).await?;
        fixture.same("the token", &vec![token], &loaded.tokens)?;
    }
    Ok(())
}

/// Tokens come in the order of their locations.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn tokens_come_by_location(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("tokens come by location", store)?;
    for (location, name) in [("30", "A"), ("1", "C"), ("200", "B"), ("a", "D"), ("B", "E")] {
        fixture.save(&fixture.acme, fixture.upload(&fixture.location(location)?, name)?).await?;
    }
    let scope = LoadScope::default().tokens(Tokens::All);
    let Loaded { tokens, .. } = fixture.load(&fixture.acme, &scope).await?;
    let locations: Vec<&str> = tokens.iter().map(|token| token.id().as_str()).collect();
    fixture.same("the locations", &vec!["1", "200", "30", "B", "a"], &locations)
}

/// A tenant cannot add a second token for a location.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_location_has_one_token_in_a_tenant(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a location has one token in a tenant", store)?;
    fixture.save(&fixture.acme, fixture.upload(&fixture.berlin, "Berlin")?).await?;
    let before = fixture.all_of(&fixture.acme, &fixture.berlin).await?;
    let second = insert(fixture.token(&fixture.berlin, "Second")?, fixture.secret("second")?);
    let refusal = fixture.refused(&fixture.acme, second).await?;
    fixture.refused_as("the answer", "location_taken", &refusal)?;
    fixture.same("the tenant", &before, &fixture.all_of(&fixture.acme, &fixture.berlin).await?)
}

/// Two tenants cannot have tokens of the same location.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_location_has_one_token_over_all_tenants(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a location has one token over all tenants", store)?;
    fixture.save(&fixture.acme, fixture.upload(&fixture.berlin, "Berlin")?).await?;
    let refusal = fixture.refused(&fixture.globex, fixture.upload(&fixture.berlin, "Other name")?).await?;
    fixture.refused_as("the answer", "location_in_other_tenant", &refusal)?;
    fixture.same("transactions of the other tenant", &0, &fixture.transactions_of(&fixture.globex).await?)
}

/// A name is taken in its tenant without regard to case, when a token is added and when it is renamed.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_name_is_taken_without_regard_to_case(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a name is taken without regard to case", store)?;
    fixture.save(&fixture.acme, fixture.upload(&fixture.berlin, "Straße Ä")?).await?;
    let refusal = fixture.refused(&fixture.acme, fixture.upload(&fixture.munich, "STRASSE ä")?).await?;
    fixture.refused_as("adding", "name_taken", &refusal)?;
    fixture.save(&fixture.acme, fixture.upload(&fixture.munich, "Munich")?).await?;
    let refusal = fixture.refused(&fixture.acme, update(fixture.token(&fixture.munich, "straße ä")?)).await?;
    fixture.refused_as("renaming", "name_taken", &refusal)?;
    fixture.save(&fixture.acme, update(fixture.token(&fixture.berlin, "STRASSE Ä")?)).await
}

/// A name that a token gave up is free.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_name_that_was_given_up_is_free(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a name that was given up is free", store)?;
    fixture.save(&fixture.acme, fixture.upload(&fixture.berlin, "Berlin")?).await?;
    fixture.save(&fixture.acme, update(fixture.token(&fixture.berlin, "Old")?)).await?;
    fixture.save(&fixture.acme, fixture.upload(&fixture.munich, "Berlin")?).await
}

/// A change of a token that the tenant does not have is refused, also when another tenant has it.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn only_a_token_that_is_there_can_be_changed(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("only a token that is there can be changed", store)?;
    fixture.save(&fixture.globex, fixture.upload(&fixture.munich, "Munich")?).await?;
    let before = fixture.all_of(&fixture.globex, &fixture.munich).await?;
    for location in [&fixture.berlin, &fixture.munich] {
        let token = fixture.token(location, "New name")?;
        let refusal = fixture.refused(&fixture.acme, update(token.clone())).await?;
        fixture.refused_as("an update", "unknown_token", &refusal)?;
        let refusal = fixture.refused(&fixture.acme, replace(token, fixture.secret("fresh")?)).await?;
        fixture.refused_as("a replacement", "unknown_token", &refusal)?;
    }
    fixture.same("transactions", &0, &fixture.transactions_of(&fixture.acme).await?)?;
    fixture.same("the other tenant", &before, &fixture.all_of(&fixture.globex, &fixture.munich).await?)
}
