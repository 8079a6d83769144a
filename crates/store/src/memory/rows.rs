//! What the memory store holds.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::{Admission, App, AssetKey, Pool},
    id::{AdamId, LocationId, TenantId},
    token::Token,
    transaction::AuditEntry,
};

use super::{due::DueRows, talk_rows::TalkState};
use crate::lease_row::LeaseRow;

/// All rows of all tenants.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) tenants: BTreeMap<TenantId, TenantRows>,
    /// By location alone: an epoch never comes back, whoever has the location.
    pub(super) leases: BTreeMap<LocationId, LeaseRow>,
}

/// The rows of one tenant. The audit log stands apart, for it only grows.
#[derive(Default)]
pub(super) struct TenantRows {
    pub(super) state: TenantState,
    pub(super) audit: Vec<AuditEntry>,
}

/// What a transaction may change.
#[derive(Default)]
pub(super) struct TenantState {
    pub(super) turn: u64,
    pub(super) tokens: BTreeMap<LocationId, TokenRow>,
    pub(super) apps: BTreeMap<AdamId, App>,
    pub(super) admissions: BTreeMap<(LocationId, AdamId), Admission>,
    pub(super) pools: BTreeMap<LocationId, BTreeMap<AssetKey, Pool>>,
    pub(super) talks: BTreeMap<LocationId, TalkState>,
    pub(super) due: DueRows,
}

/// A token with its secret.
#[derive(Clone)]
pub(super) struct TokenRow {
    pub(super) token: Token,
    pub(super) secret: SealedSecret,
}

/// A sealed secret.
#[derive(Clone)]
pub(super) struct SealedSecret {
    pub(super) sealed: Vec<u8>,
    pub(super) generation: u32,
}
