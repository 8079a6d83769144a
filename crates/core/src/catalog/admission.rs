//! Add apps automatically: which of a location's assets come into the catalog.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    catalog::{App, Asset, ProductType, StoreListing},
    id::{AdamId, LocationId},
    token::Token,
};

/// What became of one of a token's assets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    /// The token's location.
    pub location: LocationId,
    /// The asset.
    pub adam_id: AdamId,
    /// What became of it.
    pub verdict: AdmissionVerdict,
}

/// What became of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AdmissionVerdict {
    /// This token added it to the catalog.
    Added {
        /// When, UTC.
        at: DateTime<Utc>,
    },
    /// It was in the catalog already.
    AlreadyThere {
        /// Since when it is in the catalog, UTC.
        since: DateTime<Utc>,
    },
    /// The store of the token's region does not know it. It is tried again at each sync.
    NotFound,
}

/// Why an asset is left to the administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum SkipReason {
    /// Apps for macOS alone are added by hand.
    MacOsApp,
    /// Books are no apps.
    Book,
    /// A type of product that this version does not know.
    UnknownProduct,
    /// The token adds no apps automatically.
    AutomaticAdditionOff,
}

/// What the store answered about an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// It has it.
    Listed(StoreListing),
    /// It does not have it.
    NotListed,
}

/// What one pass over a location's assets decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pass {
    pub(crate) apps: Vec<App>,
    pub(crate) admissions: Vec<Admission>,
    pub(crate) skipped: Vec<(AdamId, SkipReason)>,
    pub(crate) unanswered: Vec<AdamId>,
}

/// What must be known to admit an asset.
enum Step {
    Done,
    There(DateTime<Utc>),
    Skip(SkipReason),
    AskStore,
}

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
    // What an administrator added by hand has its row, whatever it is.
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

/// The ids that the store has to be asked about before [`admit`] can decide, each once, ascending.
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

/// Decides about each asset that this token has not admitted yet. An asset that comes in two qualities is one app.
pub(crate) fn admit(
    token: &Token,
    assets: &[Asset],
    apps: &BTreeMap<AdamId, App>,
    admissions: &BTreeMap<AdamId, Admission>,
    lookups: &BTreeMap<AdamId, Lookup>,
    now: DateTime<Utc>,
) -> Pass {
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
                    // A row that failed before stays as it is.
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
