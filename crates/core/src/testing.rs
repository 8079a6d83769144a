//! Shared builders for the tests of the core.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    catalog::{Asset, Counts, Platform, PricingParam, ProductType, StoreListing},
    id::{Actor, AdamId, ClaimId, InstallationId, LocationId},
    seats::Pool,
    token::{
        ClaimHolder, Location, MdmInfo, Region, ReplyFacts, StoreKind, Token, TokenFile, TokenName,
        TokenSettings, Upload, decide_upload,
    },
    turn::{Decision, Loaded},
};

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

pub(crate) fn days(days: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(days)
}

pub(crate) fn ada() -> Actor {
    Actor::new("ada@example.org").unwrap()
}

pub(crate) fn location_id(id: &str) -> LocationId {
    LocationId::new(id).unwrap()
}

pub(crate) fn location(id: &str, name: &str) -> Location {
    Location { id: location_id(id), name: name.into(), country: None, store: StoreKind::Business }
}

pub(crate) fn claim(location: &LocationId) -> ClaimId {
    ClaimId::new(&InstallationId::new("here").unwrap(), location)
}

/// A file whose secret is told from others by `mark`.
pub(crate) fn file(mark: &str, expires_at: DateTime<Utc>) -> TokenFile {
    let expires_at = expires_at.format("%Y-%m-%dT%H:%M:%S+0000");
    let json = format!(r#"{{"token":"{mark}","expDate":"{expires_at}","orgName":"Example GmbH"}}"#);
    TokenFile::parse(STANDARD.encode(json).as_bytes()).unwrap()
}

pub(crate) fn settings(name: &str) -> TokenSettings {
    let mut settings = TokenSettings::new(TokenName::new(name).unwrap(), Region::new("DE").unwrap());
    settings.detail.add_apps_automatically = true;
    settings.policies.restrict_data_backup = true;
    settings
}

pub(crate) fn upload(name: &str, location: Location) -> Upload {
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

pub(crate) fn claimed_by(name: &str) -> ReplyFacts {
    let mdm_info = MdmInfo { id: "theirs".into(), name: name.into(), metadata: "mdm.example.com".into() };
    ReplyFacts { expires_at: None, mdm_info: Some(mdm_info) }
}

pub(crate) fn claimed_by_us(location: &LocationId) -> ReplyFacts {
    let mdm_info = MdmInfo { id: claim(location).as_str().into(), ..MdmInfo::default() };
    ReplyFacts { expires_at: None, mdm_info: Some(mdm_info) }
}

/// A token that works.
pub(crate) fn token(name: &str, id: &str) -> Token {
    let uploaded =
        decide_upload(&Loaded::default(), &upload(name, location(id, name)), &ada(), now()).unwrap();
    let mut token = uploaded.tokens[0].token().clone();
    token.condition.claim = ClaimHolder::Us;
    token.condition.first_sync_done = true;
    token
}

pub(crate) fn app_asset(adam_id: u64, platforms: &[Platform], total: u64) -> Asset {
    Asset {
        adam_id: AdamId::new(adam_id),
        pricing_param: PricingParam::Standard,
        product_type: ProductType::App,
        device_assignable: true,
        revocable: true,
        supported_platforms: platforms.iter().cloned().collect(),
        counts: Counts::Limited { total, assigned: 0, available: total, retired: 0 },
    }
}

pub(crate) fn listing(adam_id: u64, name: &str) -> StoreListing {
    StoreListing {
        adam_id: AdamId::new(adam_id),
        name: name.into(),
        bundle_id: None,
        icon_url: None,
        custom_app: false,
        device_families: BTreeSet::from(["iphone".to_owned()]),
    }
}

/// What a store would hold after a decision.
pub(crate) fn saved(mut loaded: Loaded, decision: &Decision) -> Loaded {
    for change in &decision.tokens {
        loaded.tokens.retain(|token| token.id() != change.token().id());
        loaded.tokens.push(change.token().clone());
    }
    loaded.apps.extend(decision.apps.iter().map(|app| (app.adam_id, app.clone())));
    let admissions = decision.admissions.iter();
    loaded.admissions.extend(admissions.map(|admission| (admission.adam_id, admission.clone())));
    for pool in &decision.pools {
        loaded.pools.retain(|kept| kept.key() != pool.key());
        loaded.pools.push(pool.clone());
    }
    loaded.pools.sort_by_key(Pool::key);
    loaded.turn += 1;
    loaded
}

/// A value is stored like this and read back, and a member that nobody knows is refused. (Serde takes further members
/// beside a kind that has none of its own; where settings are, [`setting`] looks at that too.)
pub(crate) fn shape<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
    value: &T,
    expected: &Value,
) {
    assert_eq!(&serde_json::to_value(value).unwrap(), expected);
    assert_eq!(&serde_json::from_value::<T>(expected.clone()).unwrap(), value);
    let kind_alone = expected["kind"].is_string() && expected.as_object().is_some_and(|all| all.len() == 1);
    if expected.is_object() && !kind_alone {
        let mut more = expected.clone();
        more["unknown"] = json!(1);
        assert!(serde_json::from_value::<T>(more).is_err(), "an unknown member was taken: {expected}");
    }
}

/// Values that are stored as their kind and nothing else; another kind is refused.
pub(crate) fn kinds<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(values: &[(T, &str)]) {
    for (value, kind) in values {
        shape(value, &json!({ "kind": kind }));
    }
    assert!(serde_json::from_value::<T>(json!({"kind": "no such kind"})).is_err());
}

/// A part of settings is stored like this and read back, and a member that nobody knows is refused, also beside a kind
/// that has none of its own.
pub(crate) fn setting<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
    value: &T,
    expected: &Value,
) {
    shape(value, expected);
    let mut more = expected.clone();
    more["unknown"] = json!(1);
    assert!(serde_json::from_value::<T>(more).is_err(), "an unknown member was taken: {expected}");
}

/// The same for kinds that have no members of their own; another kind is refused.
pub(crate) fn setting_kinds<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
    values: &[(T, &str)],
) {
    kinds(values);
    for (value, kind) in values {
        setting(value, &json!({ "kind": kind }));
    }
}
