//! Rows for the tests, and transactions that save them.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    catalog::{
        AddedBy, Admission, AdmissionVerdict, App, AppKind, Approval, Counts, Pool, PricingParam, ProductType,
    },
    id::{Actor, AdamId, LocationId, TenantId},
    token::{
        AppPolicies, ContentToken, Location, Region, StoreKind, Token, TokenCondition, TokenName,
        TokenSettings,
    },
    transaction::{AuditAct, AuditDraft, Decision, Job, JobKind, Loaded, TokenChange},
};
use mdm_vpp_ports::{Apps, Decide, Declined, LoadScope, Store, StoreError, Tokens};

pub(crate) struct Deciding<F>(pub(crate) F);

impl<F: Fn(&Loaded) -> Decision + Send + Sync> Decide for Deciding<F> {
    fn decide(&self, loaded: &Loaded) -> Result<Decision, Declined> {
        Ok((self.0)(loaded))
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

pub(crate) fn acme() -> TenantId {
    TenantId::new("acme").unwrap()
}

pub(crate) fn berlin() -> LocationId {
    LocationId::new("2049025000431439").unwrap()
}

pub(crate) fn munich() -> LocationId {
    LocationId::new("2049025000431440").unwrap()
}

pub(crate) fn token(location: &LocationId, name: &str) -> Token {
    Token {
        location: Location {
            id: location.clone(),
            name: "Berlin library".to_owned(),
            country: Some(Region::new("DE").unwrap()),
            store: StoreKind::Business,
        },
        organization: "Control GmbH".to_owned(),
        settings: TokenSettings::new(TokenName::new(name).unwrap(), Region::new("DE").unwrap()),
        condition: TokenCondition::new(now() + TimeDelta::days(365)),
        generation: 1,
        uploaded_at: now(),
        last_sync: None,
    }
}

pub(crate) fn upload(location: &LocationId, name: &str, secret: &str) -> Decision {
    let token = Box::new(token(location, name));
    let content_token = ContentToken::new(secret).unwrap();
    Decision { tokens: vec![TokenChange::Insert { token, content_token }], ..Decision::default() }
}

pub(crate) fn app(number: u64, name: &str) -> App {
    App {
        adam_id: AdamId::new(number),
        name: name.to_owned(),
        bundle_id: None,
        icon_url: None,
        app_kind: AppKind::Public,
        policies: AppPolicies::default(),
        approval: Approval::NotNeeded,
        added_at: now(),
        added_by: AddedBy::Token { location: berlin() },
    }
}

/// A token with an app, its admission and pool, a due row and a line of the audit log.
pub(crate) fn furnished(secret: &str) -> Decision {
    Decision {
        apps: vec![app(1, "Pages")],
        admissions: vec![Admission {
            location: berlin(),
            adam_id: AdamId::new(1),
            verdict: AdmissionVerdict::Added { at: now() },
        }],
        pools: vec![Pool {
            location: berlin(),
            adam_id: AdamId::new(1),
            pricing_param: PricingParam::Standard,
            product_type: ProductType::App,
            device_assignable: true,
            revocable: true,
            supported_platforms: [].into(),
            counts: Counts::Unlimited { assigned: 3 },
            counted_at: now(),
            listed: true,
            occupied: 0,
            uncounted: 0,
            unconfirmed: 0,
            returned: 0,
        }],
        jobs: vec![Job::at(JobKind::SyncAssets { location: berlin() }, now())],
        audit: vec![audit(1)],
        ..upload(&berlin(), "Berlin", secret)
    }
}

pub(crate) fn audit(number: u64) -> AuditDraft {
    let act = AuditAct::AppAddedByHand { adam_id: AdamId::new(number) };
    AuditDraft { at: now(), actor: Actor::system(), act }
}

pub(crate) fn everything() -> LoadScope {
    LoadScope { tokens: Tokens::All, assets_of: Some(berlin()), apps: Apps::All, location: None }
}

pub(crate) async fn turn(store: &dyn Store, decision: Decision) -> Result<(), StoreError> {
    let decide = Arc::new(Deciding(move |_: &Loaded| decision.clone()));
    store.transact(&acme(), &LoadScope::default(), decide).await
}

#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) async fn secret(store: &dyn Store, location: &LocationId) -> Result<String, StoreError> {
    Ok(store.content_token(&acme(), location).await?.content_token.expose().to_owned())
}
