//! Add apps automatically: which assets of a location a sync adds to the catalog.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    catalog::{App, Asset, ProductType, StoreListing},
    id::{AdamId, LocationId},
    token::Token,
};

/// The result for one asset of a token: a row of the Token Details page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    /// The token's location.
    pub location: LocationId,
    /// The asset.
    pub adam_id: AdamId,
    /// What the sync did with it.
    pub verdict: AdmissionVerdict,
}

/// What a sync did with an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum AdmissionVerdict {
    /// This token added it to the catalog.
    Added {
        /// When, UTC.
        at: DateTime<Utc>,
    },
    /// It was in the catalog already.
    AlreadyThere {
        /// When it was added to the catalog, UTC.
        since: DateTime<Utc>,
    },
    /// The store of the token's region does not list it. Each sync asks again.
    NotFound,
}

/// The reason for which a sync does not add an asset, so that an administrator has to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum SkipReason {
    /// It is an app for macOS alone, which administrators add by hand (MaaS360).
    MacOsApp,
    /// It is a book. The catalog holds apps.
    Book,
    /// Its product type is one that this version does not know.
    UnknownProduct,
    /// The token adds no apps automatically.
    AutomaticAdditionOff,
}

/// The store's answer about an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// The store lists it.
    Listed(StoreListing),
    /// The store does not list it.
    NotListed,
}

/// The decisions of one pass over a location's assets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pass {
    pub(crate) apps: Vec<App>,
    pub(crate) admissions: Vec<Admission>,
    pub(crate) skipped: Vec<(AdamId, SkipReason)>,
    pub(crate) unanswered: Vec<AdamId>,
}

/// What remains to be done about an asset.
enum Step {
    Done,
    There(DateTime<Utc>),
    Skip(SkipReason),
    AskStore,
}

/// Decides about an asset as far as that is possible without the store's answer.
fn step(
    token: &Token,
    asset: &Asset,
    apps: &BTreeMap<AdamId, App>,
    admissions: &BTreeMap<AdamId, Admission>,
) -> Step {
    let before = admissions.get(&asset.adam_id).map(|admission| admission.verdict);
    if matches!(before, Some(AdmissionVerdict::Added { .. } | AdmissionVerdict::AlreadyThere { .. })) {
        return Step::Done;
    }
    // An app that an administrator added by hand has its row, even if a sync would skip its asset.
    if let Some(app) = apps.get(&asset.adam_id) {
        return Step::There(app.added_at);
    }
    match asset.product_type {
        ProductType::Book => return Step::Skip(SkipReason::Book),
        ProductType::Other { .. } => return Step::Skip(SkipReason::UnknownProduct),
        ProductType::App => {}
    }
    if asset.is_macos_only() == Some(true) {
        return Step::Skip(SkipReason::MacOsApp);
    }
    if token.settings.detail.add_apps_automatically {
        Step::AskStore
    } else {
        Step::Skip(SkipReason::AutomaticAdditionOff)
    }
}

/// The ids about which the store has to be asked before [`admit`] can decide: each once, in ascending order.
pub(crate) fn ids_to_look_up(
    token: &Token,
    assets: &[Asset],
    apps: &BTreeMap<AdamId, App>,
    admissions: &BTreeMap<AdamId, Admission>,
) -> Vec<AdamId> {
    let mut ids: Vec<AdamId> = assets
        .iter()
        .filter(|asset| matches!(step(token, asset, apps, admissions), Step::AskStore))
        .map(|asset| asset.adam_id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Decides about each asset that this token has not admitted yet. An asset in two qualities is one app.
pub(crate) fn admit(
    token: &Token,
    assets: &[Asset],
    apps: &BTreeMap<AdamId, App>,
    admissions: &BTreeMap<AdamId, Admission>,
    lookups: &BTreeMap<AdamId, Lookup>,
    now: DateTime<Utc>,
) -> Pass {
    // Reversed, so that of two qualities the first in Apple's list counts: a map keeps the last it is given.
    let once: BTreeMap<AdamId, &Asset> = assets.iter().rev().map(|asset| (asset.adam_id, asset)).collect();
    let mut pass = Pass::default();
    for (adam_id, asset) in once {
        let admission = |verdict| Admission { location: token.id().clone(), adam_id, verdict };
        match step(token, asset, apps, admissions) {
            Step::Done => {}
            Step::There(since) => {
                pass.admissions.push(admission(AdmissionVerdict::AlreadyThere { since }));
            }
            Step::Skip(reason) => pass.skipped.push((adam_id, reason)),
            Step::AskStore => match lookups.get(&adam_id) {
                None => pass.unanswered.push(adam_id),
                Some(Lookup::NotListed) => {
                    // A row that says `NotFound` already needs no second one.
                    if !admissions.contains_key(&adam_id) {
                        pass.admissions.push(admission(AdmissionVerdict::NotFound));
                    }
                }
                Some(Lookup::Listed(listing)) if listing.is_macos_only() => {
                    pass.skipped.push((adam_id, SkipReason::MacOsApp));
                }
                Some(Lookup::Listed(listing)) => {
                    pass.apps.push(App::added_by_token(listing, token, now));
                    pass.admissions.push(admission(AdmissionVerdict::Added { at: now }));
                }
            },
        }
    }
    pass
}
