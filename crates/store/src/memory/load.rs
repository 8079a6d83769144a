//! What a transaction is given to decide on.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    catalog::App,
    id::{AdamId, LocationId},
    transaction::Loaded,
};
use mdm_vpp_ports::{Apps, LoadScope, Tokens};

use super::rows::TenantState;

impl TenantState {
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
            transaction: self.turn,
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
            location: scope.location.as_ref().and_then(|talk| self.load_talk(talk)),
        }
    }

    fn load_apps(&self, apps: &Apps) -> BTreeMap<AdamId, App> {
        let wanted = |adam_id: &AdamId| match apps {
            Apps::None => false,
            Apps::These(these) => these.contains(adam_id),
            Apps::AdmittedBy(location) => self.admissions.contains_key(&(location.clone(), *adam_id)),
            Apps::All => true,
        };
        self.apps.iter().filter(|(adam_id, _)| wanted(adam_id)).map(|(id, app)| (*id, app.clone())).collect()
    }
}
