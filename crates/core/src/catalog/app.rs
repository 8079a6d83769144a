//! Apps: the entry of the store, and the app of the catalog that is made from it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::{Actor, AdamId, LocationId},
    token::{AppPolicies, Token},
};

/// An app in a tenant's catalog. Its policies are its own: they outlive the token that added it, and a later change of
/// the token's template does not alter them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// The store's id, the key within the tenant.
    pub adam_id: AdamId,
    /// The name in the store.
    pub name: String,
    /// The bundle id; `None` when the store does not name it.
    pub bundle_id: Option<String>,
    /// The URL of the icon; `None` when the store has none.
    pub icon_url: Option<String>,
    /// Public or custom.
    pub app_kind: AppKind,
    /// Removal, revocation and backup rules.
    pub policies: AppPolicies,
    /// Whether it may be distributed.
    pub approval: Approval,
    /// When it was added to the catalog, UTC.
    pub added_at: DateTime<Utc>,
    /// By what it was added to the catalog.
    pub added_by: AddedBy,
}

impl App {
    pub(super) fn added_by_token(listing: &StoreListing, token: &Token, now: DateTime<Utc>) -> Self {
        let added_by = AddedBy::Token { location: token.id().clone() };
        Self::from_listing(listing, token.settings.policies, added_by, now)
    }

    pub(crate) fn from_listing(
        listing: &StoreListing,
        policies: AppPolicies,
        added_by: AddedBy,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            adam_id: listing.adam_id,
            name: listing.name.clone(),
            bundle_id: listing.bundle_id.clone(),
            icon_url: listing.icon_url.clone(),
            app_kind: if listing.custom_app { AppKind::Custom } else { AppKind::Public },
            policies,
            approval: Approval::at_first(&policies),
            added_at: now,
            added_by,
        }
    }
}

/// Public or custom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AppKind {
    /// In the public store.
    Public,
    /// A custom (B2B) app, made for the organization alone.
    Custom,
}

/// Whether an app may be distributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Approval {
    /// Its policies ask for no approval.
    NotNeeded,
    /// It waits for an administrator's approval.
    Awaiting,
    /// An administrator approved it.
    Approved,
    /// An administrator refused it: no recipient gets it.
    Refused,
}

impl Approval {
    /// The approval that a new app has under these policies.
    #[must_use]
    pub const fn at_first(policies: &AppPolicies) -> Self {
        if policies.app_approval { Self::Awaiting } else { Self::NotNeeded }
    }
}

/// By what an app was added to the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum AddedBy {
    /// A token's sync added it and gave it the token's policies.
    Token {
        /// The token's location.
        location: LocationId,
    },
    /// An administrator added it by hand.
    Administrator {
        /// The administrator.
        actor: Actor,
    },
}

/// An entry of a national store, as a lookup by id finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreListing {
    /// The store's id.
    pub adam_id: AdamId,
    /// The name in the store.
    pub name: String,
    /// The bundle id; `None` when the store does not name it.
    pub bundle_id: Option<String>,
    /// The URL of an icon of about 512 pixels; `None` when the store has none.
    pub icon_url: Option<String>,
    /// Whether it is a custom (B2B) app, made for the organization alone.
    pub custom_app: bool,
    /// The device families it runs on, in Apple's words: `iphone`, `ipad`, `mac` and so on.
    pub device_families: BTreeSet<String>,
}

impl StoreListing {
    /// Whether it runs on Macs and nowhere else.
    #[must_use]
    pub fn is_macos_only(&self) -> bool {
        self.device_families.len() == 1 && self.device_families.contains("mac")
    }
}
