//! Rows of the fixture, and decisions that save them.

use chrono::{DateTime, TimeDelta, Utc};
use mdm_vpp_core::{
    catalog::{
        AddedBy, Admission, AdmissionVerdict, App, AppKind, Approval, Counts, Pool, PricingParam, ProductType,
    },
    id::{Actor, AdamId, LocationId},
    token::{
        AppPolicies, ContentToken, Location, Region, StoreKind, Token, TokenCondition, TokenName,
        TokenSettings,
    },
    transaction::{AuditAct, AuditDraft, CompletedJob, Decision, Job, JobKind, TokenChange},
};

/// A number of seconds after the fixture began.
pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_800_000_000) + TimeDelta::seconds(seconds)
}

pub(super) fn token(location: &LocationId, name: TokenName, region: Region) -> Token {
    Token {
        location: Location {
            id: location.clone(),
            name: "Example GmbH Berlin".to_owned(),
            country: None,
            store: StoreKind::Business,
        },
        organization: "Example GmbH".to_owned(),
        settings: TokenSettings::new(name, region),
        condition: TokenCondition::new(at(31_536_000)),
        generation: 1,
        uploaded_at: at(0),
        last_sync: None,
    }
}

pub(super) fn insert(token: Token, content_token: ContentToken) -> Decision {
    tokens(vec![TokenChange::Insert { token: Box::new(token), content_token }])
}

pub(super) fn update(token: Token) -> Decision {
    tokens(vec![TokenChange::Update { token: Box::new(token) }])
}

pub(super) fn replace(token: Token, content_token: ContentToken) -> Decision {
    tokens(vec![TokenChange::Replace { token: Box::new(token), content_token }])
}

pub(super) fn tokens(tokens: Vec<TokenChange>) -> Decision {
    Decision { tokens, ..Decision::default() }
}

/// A decision that writes entries of the audit log and nothing else.
pub(super) fn audit_of(actor: &Actor, acts: impl IntoIterator<Item = AuditAct>) -> Decision {
    let audit = acts.into_iter().map(|act| AuditDraft { at: at(0), actor: actor.clone(), act }).collect();
    Decision { audit, ..Decision::default() }
}

pub(super) fn app_added(number: u64) -> AuditAct {
    AuditAct::AppAddedByHand { adam_id: AdamId::new(number) }
}

pub(super) fn app(number: u64, name: &str, location: &LocationId) -> App {
    App {
        adam_id: AdamId::new(number),
        name: name.to_owned(),
        bundle_id: None,
        icon_url: None,
        app_kind: AppKind::Public,
        policies: AppPolicies::default(),
        approval: Approval::NotNeeded,
        added_at: at(0),
        added_by: AddedBy::Token { location: location.clone() },
    }
}

pub(super) fn apps(apps: Vec<App>) -> Decision {
    Decision { apps, ..Decision::default() }
}

pub(super) fn admission(location: &LocationId, number: u64) -> Admission {
    Admission {
        location: location.clone(),
        adam_id: AdamId::new(number),
        verdict: AdmissionVerdict::Added { at: at(0) },
    }
}

pub(super) fn pool(location: &LocationId, number: u64) -> Pool {
    Pool {
        location: location.clone(),
        adam_id: AdamId::new(number),
        pricing_param: PricingParam::Standard,
        product_type: ProductType::App,
        device_assignable: true,
        revocable: true,
        supported_platforms: [].into(),
        counts: Counts::Limited { total: 10, assigned: 3, available: 7, retired: 0 },
        counted_at: at(0),
        listed: true,
        occupied: 2,
        uncounted: 1,
        unconfirmed: 1,
        returned: 2,
    }
}

pub(super) fn sync(location: &LocationId) -> JobKind {
    JobKind::SyncAssets { location: location.clone() }
}

pub(super) fn claim(location: &LocationId) -> JobKind {
    JobKind::ClaimLocation { location: location.clone() }
}

pub(super) fn tell_catalog(number: u64) -> JobKind {
    JobKind::TellCatalog { adam_id: AdamId::new(number) }
}

/// A decision that enqueues a job.
pub(super) fn enqueues(kind: JobKind, seconds: i64) -> Decision {
    Decision { jobs: vec![Job::at(kind, at(seconds))], ..Decision::default() }
}

/// A decision that completes a job.
pub(super) fn completes(job: &Job) -> Decision {
    Decision {
        completed: vec![CompletedJob { kind: job.kind.clone(), generation: job.generation }],
        ..Decision::default()
    }
}
