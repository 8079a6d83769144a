//! The state of one tenant: what a transaction loads and changes.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::{Admission, App, AssetKey, Pool},
    id::{AdamId, LocationId, TenantId},
    location::{LocationChanges, LocationRows},
    token::{ContentToken, Token},
    transaction::{AuditDraft, CompletedJob, Decision, Job, Loaded, TokenChange},
};
use mdm_vpp_ports::{
    Apps, LoadScope, LocationScope, Pools, Receipt, ReceivedNotification, StoreError, Tokens,
};

use super::location_tables::LocationTables;
use crate::{
    placement,
    sealing::{KeyRing, seal_content_token},
    times::{due_micros, due_time},
};

/// The state of a tenant.
#[derive(Default)]
pub(super) struct TenantState {
    transactions: u64,
    tokens: BTreeMap<LocationId, TokenRow>,
    apps: BTreeMap<AdamId, App>,
    admissions: BTreeMap<(LocationId, AdamId), Admission>,
    pools: BTreeMap<LocationId, BTreeMap<AssetKey, Pool>>,
    locations: BTreeMap<LocationId, LocationTables>,
    pub(super) jobs: JobRows,
}

/// A token with its sealed secret.
#[derive(Clone)]
pub(super) struct TokenRow {
    token: Token,
    pub(super) sealed_secret: Vec<u8>,
    pub(super) secret_generation: u32,
}

impl TenantState {
    pub(super) const fn transactions(&self) -> u64 {
        self.transactions
    }

    pub(super) fn has_token(&self, location: &LocationId) -> bool {
        self.tokens.contains_key(location)
    }

    pub(super) fn token(&self, location: &LocationId) -> Option<&TokenRow> {
        self.tokens.get(location)
    }

    /// Loads what a scope names.
    pub(super) fn load(&self, scope: &LoadScope) -> Loaded {
        let tokens = match &scope.tokens {
            Tokens::None => Vec::new(),
            Tokens::Of(location) => {
                self.tokens.get(location).map(|row| row.token.clone()).into_iter().collect()
            }
            Tokens::All => self.tokens.values().map(|row| row.token.clone()).collect(),
        };
        let assets_of = |location: &LocationId| scope.assets_of.as_ref() == Some(location);
        Loaded {
            transaction: self.transactions,
            tokens,
            apps: self.load_apps(&scope.apps),
            admissions: self
                .admissions
                .iter()
                .filter(|((location, _), _)| assets_of(location))
                .map(|((_, adam_id), admission)| (*adam_id, admission.clone()))
                .collect(),
            pools: scope
                .assets_of
                .as_ref()
                .and_then(|location| self.pools.get(location))
                .map(|pools| pools.values().cloned().collect())
                .unwrap_or_default(),
            location: scope.location.as_ref().and_then(|scope| self.load_location(scope)),
        }
    }

    fn load_apps(&self, apps: &Apps) -> BTreeMap<AdamId, App> {
        let is_named = |adam_id: &AdamId| match apps {
            Apps::None => false,
            Apps::These(these) => these.contains(adam_id),
            Apps::AdmittedBy(location) => self.admissions.contains_key(&(location.clone(), *adam_id)),
            Apps::All => true,
        };
        self.apps
            .iter()
            .filter(|(adam_id, _)| is_named(adam_id))
            .map(|(id, app)| (*id, app.clone()))
            .collect()
    }

    /// Loads the rows of a location that a scope names; `None` when the tenant has no token of the location.
    fn load_location(&self, scope: &LocationScope) -> Option<LocationRows> {
        self.tokens.get(&scope.location)?;
        let rows = match self.locations.get(&scope.location) {
            Some(tables) => tables.load(scope),
            None => LocationTables::new(scope.location.clone()).load(scope),
        };
        Some(LocationRows { pools: self.load_pools(scope), ..rows })
    }

    fn load_pools(&self, scope: &LocationScope) -> BTreeMap<AssetKey, Pool> {
        let Some(pools) = self.pools.get(&scope.location) else { return BTreeMap::new() };
        match &scope.pools {
            Pools::None => BTreeMap::new(),
            Pools::These(keys) => {
                keys.iter().filter_map(|key| Some((key.clone(), pools.get(key)?.clone()))).collect()
            }
            Pools::All => pools.clone(),
        }
    }

    /// The tokens after changes, one after the other; `None` when there are no changes.
    pub(super) fn changed_tokens(
        &self,
        tenant: &TenantId,
        changes: &[TokenChange],
        keys: &KeyRing,
    ) -> Result<Option<BTreeMap<LocationId, TokenRow>>, StoreError> {
        if changes.is_empty() {
            return Ok(None);
        }
        let mut tokens = self.tokens.clone();
        for change in changes {
            let row = changed_token(&tokens, tenant, change, keys)?;
            tokens.insert(row.token.id().clone(), row);
        }
        Ok(Some(tokens))
    }

    /// Refuses what needs a token or a pool that will not exist.
    pub(super) fn check_places(
        &self,
        scope: Option<&LocationScope>,
        decision: &Decision,
        tokens: Option<&BTreeMap<LocationId, TokenRow>>,
    ) -> Result<(), StoreError> {
        let changed = placement::check(scope, &decision.location)?;
        let admissions = decision.admissions.iter().map(|admission| &admission.location);
        let pools = decision.pools.iter().map(|pool| &pool.location);
        let tokens = tokens.unwrap_or(&self.tokens);
        for location in admissions.chain(pools).chain(changed) {
            if !tokens.contains_key(location) {
                return Err(StoreError::UnknownToken { location: location.clone() });
            }
        }
        let Some(location) = changed else { return Ok(()) };
        let exists = |asset: &AssetKey| {
            let is_new =
                || decision.pools.iter().any(|pool| pool.location == *location && pool.key() == *asset);
            self.pools.get(location).is_some_and(|pools| pools.contains_key(asset)) || is_new()
        };
        match placement::needed_pools(&decision.location).into_iter().find(|asset| !exists(asset)) {
            Some(asset) => Err(StoreError::UnknownPool { location: location.clone(), asset: asset.clone() }),
            None => Ok(()),
        }
    }

    /// Changes what was checked, and gives back the entries for the audit log.
    pub(super) fn apply(
        &mut self,
        scope: Option<&LocationScope>,
        decision: Decision,
        tokens: Option<BTreeMap<LocationId, TokenRow>>,
    ) -> Vec<AuditDraft> {
        self.transactions = self.transactions.saturating_add(1);
        // Completed jobs go before new ones come, so that a decision can move a job.
        for completed in &decision.completed {
            self.jobs.complete(completed);
        }
        if let Some(tokens) = tokens {
            self.tokens = tokens;
        }
        for app in decision.apps {
            self.apps.insert(app.adam_id, app);
        }
        for admission in decision.admissions {
            self.admissions.insert((admission.location.clone(), admission.adam_id), admission);
        }
        for pool in decision.pools {
            self.pools.entry(pool.location.clone()).or_default().insert(pool.key(), pool);
        }
        if let Some(scope) = scope.filter(|_| decision.location != LocationChanges::default()) {
            self.tables_of(&scope.location).apply(decision.location);
        }
        for job in &decision.jobs {
            self.jobs.enqueue(job);
        }
        decision.audit
    }

    fn tables_of(&mut self, location: &LocationId) -> &mut LocationTables {
        self.locations.entry(location.clone()).or_insert_with(|| LocationTables::new(location.clone()))
    }

    /// Records a notification about a location whose token the tenant has.
    pub(super) fn record(&mut self, notification: &ReceivedNotification) -> Receipt {
        let receipt = self.tables_of(&notification.location).record(notification);
        if receipt != Receipt::Repeated {
            notification.jobs.iter().for_each(|job| self.jobs.enqueue(job));
        }
        receipt
    }
}

fn changed_token(
    tokens: &BTreeMap<LocationId, TokenRow>,
    tenant: &TenantId,
    change: &TokenChange,
    keys: &KeyRing,
) -> Result<TokenRow, StoreError> {
    let token = change.token();
    let location = || token.id().clone();
    let before = tokens.get(token.id());
    if before.is_some() && matches!(change, TokenChange::Insert { .. }) {
        return Err(StoreError::LocationTaken { location: location() });
    }
    if before.is_none() && !matches!(change, TokenChange::Insert { .. }) {
        return Err(StoreError::UnknownToken { location: location() });
    }
    check_name(tokens, token)?;
    let seal = |secret: &ContentToken| seal_content_token(keys, tenant, token.id(), secret);
    let (sealed_secret, secret_generation) = match (change, before) {
        (TokenChange::Insert { content_token, .. } | TokenChange::Replace { content_token, .. }, _) => {
            (seal(content_token)?, token.generation)
        }
        (TokenChange::Update { .. }, Some(before)) => {
            (before.sealed_secret.clone(), before.secret_generation)
        }
        (TokenChange::Update { .. }, None) => {
            return Err(StoreError::UnknownToken { location: location() });
        }
    };
    Ok(TokenRow { token: token.clone(), sealed_secret, secret_generation })
}

fn check_name(tokens: &BTreeMap<LocationId, TokenRow>, token: &Token) -> Result<(), StoreError> {
    let name = &token.settings.detail.name;
    let folded = name.folded();
    let is_taken = tokens
        .values()
        .any(|row| row.token.id() != token.id() && row.token.settings.detail.name.folded() == folded);
    if is_taken { Err(StoreError::NameTaken { name: name.clone() }) } else { Ok(()) }
}

/// The jobs of a tenant, by kind and subject, as text.
#[derive(Default)]
pub(super) struct JobRows {
    rows: BTreeMap<(&'static str, String), Job>,
    /// The highest generation that was completed. New rows continue from it, so that no generation comes back.
    completed_generation: u64,
}

impl JobRows {
    pub(super) fn enqueue(&mut self, job: &Job) {
        let at = due_time(due_micros(job.at)).unwrap_or(job.at);
        let first = self.completed_generation.saturating_add(1);
        self.rows
            .entry(job.kind.key())
            .and_modify(|row| {
                row.at = row.at.min(at);
                row.generation = row.generation.saturating_add(1);
                row.tries = job.tries;
            })
            .or_insert_with(|| Job { at, generation: first, ..job.clone() });
    }

    fn complete(&mut self, completed: &CompletedJob) {
        let key = completed.kind.key();
        if self.rows.get(&key).is_some_and(|row| row.generation == completed.generation) {
            self.rows.remove(&key);
            self.completed_generation = self.completed_generation.max(completed.generation);
        }
    }

    /// All jobs, by kind and subject.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Job> {
        self.rows.values()
    }
}
