//! A transaction loads what its scope names, and no more.

use std::sync::Arc;

use mdm_vpp_core::{
    catalog::{Admission, AdmissionVerdict},
    id::AdamId,
    transaction::{Decision, Loaded},
};

use super::super::{
    Violation,
    rows::{admission, app, pool},
    store_fixture::StoreFixture,
    store_fixture::Watching,
};
use crate::{Apps, LoadScope, Store, Tokens};

/// The rows that a scope loads: the locations of tokens, the ids of apps, admissions and pools.
type Found = (Vec<String>, Vec<u64>, Vec<u64>, Vec<u64>);

fn found_in(loaded: &Loaded) -> Found {
    let numbers = |ids: &mut dyn Iterator<Item = &AdamId>| ids.map(|id| id.number()).collect();
    (
        loaded.tokens.iter().map(|token| token.id().to_string()).collect(),
        numbers(&mut loaded.apps.keys()),
        numbers(&mut loaded.admissions.keys()),
        numbers(&mut loaded.pools.iter().map(|pool| &pool.adam_id)),
    )
}

async fn loads_exactly(
    fixture: &StoreFixture,
    step: &str,
    scope: LoadScope,
    expected: Found,
) -> Result<(), Violation> {
    let loaded = fixture.load(&fixture.acme, &scope).await?;
    fixture.same(step, &expected, &found_in(&loaded))?;
    let watching = Arc::new(Watching::default());
    fixture.works(
        "a transaction that only loads",
        fixture.store.transact(&fixture.acme, &scope, watching.clone()).await,
    )?;
    fixture.same("the same in a transaction", &Some(loaded), &watching.observed())
}

/// Two locations, each with a pool and an admission, and four apps.
async fn furnish(fixture: &StoreFixture) -> Result<(), Violation> {
    let (berlin, munich) = (&fixture.berlin, &fixture.munich);
    let not_found = Admission { verdict: AdmissionVerdict::NotFound, ..admission(berlin, 2) };
    fixture.save(&fixture.acme, fixture.upload(berlin, "Berlin")?).await?;
    let decision = Decision {
        apps: (1..=4).map(|number| app(number, "App", berlin)).collect(),
        admissions: vec![
            admission(berlin, 1),
            not_found,
            admission(berlin, 9),
            admission(munich, 1),
            admission(munich, 3),
        ],
        pools: vec![pool(berlin, 1), pool(berlin, 2), pool(munich, 3)],
        ..fixture.upload(munich, "Munich")?
    };
    fixture.save(&fixture.acme, decision).await
}

/// Every scope loads exactly what it names, with and without a transaction.
///
/// # Errors
///
/// [`Violation`] when the store breaks the promise.
pub async fn a_scope_loads_exactly_what_it_names(store: Arc<dyn Store>) -> Result<(), Violation> {
    let fixture = StoreFixture::begin("a scope loads exactly what it names", store)?;
    furnish(&fixture).await?;
    let (berlin, munich) = (fixture.berlin.clone(), fixture.munich.clone());
    let nowhere = fixture.location("nowhere")?;
    let ids = |numbers: &[u64]| numbers.iter().copied().map(AdamId::new).collect();
    let none = LoadScope::default;
    let tokens = |tokens| LoadScope { tokens, ..none() };
    let apps = |apps| LoadScope { apps, ..none() };
    let assets_of = |location| LoadScope { assets_of: Some(location), ..none() };
    let empty = || (vec![], vec![], vec![], vec![]);
    let both = vec![berlin.to_string(), munich.to_string()];

    for (step, scope, expected) in [
        ("nothing", none(), empty()),
        ("one token", tokens(Tokens::Of(munich.clone())), (vec![munich.to_string()], vec![], vec![], vec![])),
        ("a token that is not there", tokens(Tokens::Of(nowhere.clone())), empty()),
        ("all tokens", tokens(Tokens::All), (both.clone(), vec![], vec![], vec![])),
        ("assets", assets_of(berlin.clone()), (vec![], vec![], vec![1, 2, 9], vec![1, 2])),
        ("other assets", assets_of(munich.clone()), (vec![], vec![], vec![1, 3], vec![3])),
        ("assets of nowhere", assets_of(nowhere.clone()), empty()),
        ("some apps", apps(Apps::These(ids(&[2, 4, 5]))), (vec![], vec![2, 4], vec![], vec![])),
        ("no apps", apps(Apps::These(ids(&[]))), empty()),
        ("admitted apps", apps(Apps::AdmittedBy(berlin.clone())), (vec![], vec![1, 2], vec![], vec![])),
        ("other admitted apps", apps(Apps::AdmittedBy(munich)), (vec![], vec![1, 3], vec![], vec![])),
        ("apps admitted nowhere", apps(Apps::AdmittedBy(nowhere)), empty()),
        ("all apps", apps(Apps::All), (vec![], vec![1, 2, 3, 4], vec![], vec![])),
        (
            "everything",
            LoadScope { tokens: Tokens::All, assets_of: Some(berlin), apps: Apps::All, location: None },
            (both, vec![1, 2, 3, 4], vec![1, 2, 9], vec![1, 2]),
        ),
    ] {
        loads_exactly(&fixture, step, scope, expected).await?;
    }
    Ok(())
}
