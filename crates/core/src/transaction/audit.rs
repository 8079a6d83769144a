//! The audit log: changes of status and acts of people, never a secret.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::{Actor, AdamId, LocationId},
    location::{Adopt, Revoke},
    token::TokenName,
};

/// Something worth remembering that a decision did. The store numbers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditDraft {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// The person or program that asked for it.
    pub actor: Actor,
    /// What it was.
    pub act: AuditAct,
}

/// A line of a tenant's audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditEntry {
    /// Where it stands.
    pub position: AuditPosition,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// The person or program that asked for it.
    pub actor: Actor,
    /// What it was.
    pub act: AuditAct,
}

/// Where an entry stands in a tenant's audit log: by transaction, and within a transaction by number from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditPosition {
    /// The transaction, from 1.
    pub transaction: u64,
    /// The number within the transaction, from 0.
    pub index: u32,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum AuditAct {
    /// A token was added.
    TokenUploaded {
        /// Its location.
        location: LocationId,
        /// Its name.
        name: TokenName,
    },
    /// A token's secret was replaced by a fresh one.
    TokenUpdated {
        /// Its location.
        location: LocationId,
        /// The end of the fresh secret, UTC.
        expires_at: DateTime<Utc>,
    },
    /// A token's settings were changed.
    SettingsChanged {
        /// Its location.
        location: LocationId,
    },
    /// A token's status changed.
    StatusChanged {
        /// Its location.
        location: LocationId,
        /// The status before, as administrators read it.
        from: String,
        /// The status after.
        to: String,
    },
    /// An administrator asked to claim a location that another MDM server claims.
    TakeOverAsked {
        /// The location.
        location: LocationId,
        /// The claimant so far.
        from: String,
    },
    /// Apple holds our claim of a location.
    LocationClaimed {
        /// The location.
        location: LocationId,
    },
    /// A sync added apps to the catalog.
    AppsAdded {
        /// The location whose token added them.
        location: LocationId,
        /// The apps.
        adam_ids: Vec<AdamId>,
    },
    /// Licenses were assigned or unassigned directly.
    AssignmentsChanged {
        /// The location.
        location: LocationId,
        /// How many seats there are of each [`Outcome::name`](crate::plan::Outcome::name).
        outcomes: BTreeMap<String, u64>,
    },
    /// A person revoked licenses. Many are revoked in several transactions, each with a line of its own.
    LicensesRevoked {
        /// The location.
        location: LocationId,
        /// Which ones.
        revoked: Revoke,
        /// How many seats there are of each [`Outcome::name`](crate::plan::Outcome::name).
        outcomes: BTreeMap<String, u64>,
    },
    /// A person adopted foreign licenses. Many are adopted in several transactions, each with a line of its own.
    LicensesAdopted {
        /// The location.
        location: LocationId,
        /// Which ones.
        adopted: Adopt,
        /// How many seats became ours.
        seats: u64,
    },
    /// An administrator added an app to the catalog by hand.
    AppAddedByHand {
        /// The app.
        adam_id: AdamId,
    },
}
