//! What an upload brings, and what a store would hold after a decision, for the tests of decisions.

use crate::{
    catalog::Pool,
    decide::token::Upload,
    testing::days,
    token::{
        Location, ReplyFacts,
        testing::{claim, file, settings},
    },
    transaction::{Decision, Loaded},
};

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
    loaded.transaction += 1;
    loaded
}
