//! The Token Details page: what became of each of a token's apps.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    catalog::{Admission, AdmissionVerdict, Approval, Counts, Pool},
    id::AdamId,
    transaction::Loaded,
};

/// A row of the Token Details page. The columns are those of MaaS360's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TokenDetailsRow {
    /// The iTunes App ID.
    pub adam_id: AdamId,
    /// The icon's URL; `None` when the store was not asked or has none.
    pub icon_url: Option<String>,
    /// The app's name; `None` when the store does not know the app.
    pub name: Option<String>,
    /// Licenses that the location owns; `None` when Apple does not list the asset any more.
    pub total: Option<LicenseCount>,
    /// Licenses without a holder.
    pub available: Option<LicenseCount>,
    /// When the two counts were read, UTC.
    pub counted_at: Option<DateTime<Utc>>,
    /// When the app came into the catalog, UTC; `None` when it did not.
    pub added_at: Option<DateTime<Utc>>,
    /// Auto App Addition Status.
    pub status: DetailsStatus,
    /// Comments.
    pub comment: DetailsComment,
    /// The app is in the catalog and waits for an approval before it may be distributed.
    pub awaiting_approval: bool,
}

/// A number of licenses, limited or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenseCount {
    /// This number.
    Limited(u64),
    /// Without limit.
    Unlimited,
}

/// As JSON: the number, or `"unlimited"`.
impl Serialize for LicenseCount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Limited(licenses) => serializer.serialize_u64(*licenses),
            Self::Unlimited => serializer.serialize_str("unlimited"),
        }
    }
}

/// Auto App Addition Status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DetailsStatus {
    /// The app is in the catalog.
    Success,
    /// It could not be added.
    Failed,
}

impl DetailsStatus {
    /// The status as administrators read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Failed => "Failed",
        }
    }
}

/// Comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DetailsComment {
    /// This token added the app.
    AppAddedSuccessfully,
    /// The app was in the catalog already.
    AppAlreadyExists,
    /// The store of the token's region does not know the app.
    AppNotFound,
}

impl DetailsComment {
    /// The comment as administrators read it: one of MaaS360's three.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::AppAddedSuccessfully => "App Added Successfully",
            Self::AppAlreadyExists => "App Already Exists",
            Self::AppNotFound => "App Not Found",
        }
    }
}

/// The rows of a token's page, by name and then by id; rows without a name come last.
#[must_use]
pub fn token_details(loaded: &Loaded) -> Vec<TokenDetailsRow> {
    let mut pools: BTreeMap<AdamId, Vec<&Pool>> = BTreeMap::new();
    for pool in &loaded.pools {
        pools.entry(pool.adam_id).or_default().push(pool);
    }
    let none = Vec::new();
    let mut rows: Vec<TokenDetailsRow> = loaded
        .admissions
        .values()
        .map(|admission| row(loaded, admission, pools.get(&admission.adam_id).unwrap_or(&none)))
        .collect();
    rows.sort_by(|one, other| {
        let key = |row: &TokenDetailsRow| (row.name.is_none(), row.name.clone(), row.adam_id);
        key(one).cmp(&key(other))
    });
    rows
}

fn row(loaded: &Loaded, admission: &Admission, pools: &[&Pool]) -> TokenDetailsRow {
    let app = loaded.apps.get(&admission.adam_id);
    let listed: Vec<&&Pool> = pools.iter().filter(|pool| pool.listed).collect();
    let (status, comment, added_at) = match admission.verdict {
        AdmissionVerdict::Added { at } => {
            (DetailsStatus::Success, DetailsComment::AppAddedSuccessfully, Some(at))
        }
        AdmissionVerdict::AlreadyThere { since } => {
            (DetailsStatus::Success, DetailsComment::AppAlreadyExists, Some(since))
        }
        AdmissionVerdict::NotFound => (DetailsStatus::Failed, DetailsComment::AppNotFound, None),
    };
    TokenDetailsRow {
        adam_id: admission.adam_id,
        icon_url: app.and_then(|app| app.icon_url.clone()),
        name: app.map(|app| app.name.clone()),
        total: sum(&listed, |counts| match counts {
            Counts::Limited { total, .. } => LicenseCount::Limited(total),
            Counts::Unlimited { .. } => LicenseCount::Unlimited,
        }),
        available: sum(&listed, |counts| match counts {
            Counts::Limited { available, .. } => LicenseCount::Limited(available),
            Counts::Unlimited { .. } => LicenseCount::Unlimited,
        }),
        counted_at: listed.iter().map(|pool| pool.counted_at).min(),
        added_at,
        status,
        comment,
        awaiting_approval: app.is_some_and(|app| app.approval == Approval::Awaiting),
    }
}

/// The sum over the qualities of an asset; unlimited wins.
fn sum(pools: &[&&Pool], part: fn(Counts) -> LicenseCount) -> Option<LicenseCount> {
    pools.iter().map(|pool| part(pool.counts)).reduce(|one, other| match (one, other) {
        (LicenseCount::Limited(one), LicenseCount::Limited(other)) => {
            LicenseCount::Limited(one.saturating_add(other))
        }
        _ => LicenseCount::Unlimited,
    })
}
