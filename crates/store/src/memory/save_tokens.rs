//! The tokens of a tenant as a decision has them.

use std::collections::BTreeMap;

use mdm_vpp_core::{
    id::{LocationId, TenantId},
    token::{ContentToken, Token},
    transaction::TokenChange,
};
use mdm_vpp_ports::StoreError;

use super::rows::{SealedSecret, TenantState, TokenRow};
use crate::{kept::seal_secret, sealing::KeyRing};

/// Tokens by location.
type Tokens = BTreeMap<LocationId, TokenRow>;

impl TenantState {
    /// The tokens after changes, one after the other; `None` when there are no changes.
    pub(super) fn changed_tokens(
        &self,
        tenant: &TenantId,
        changes: &[TokenChange],
        keys: &KeyRing,
    ) -> Result<Option<Tokens>, StoreError> {
        if changes.is_empty() {
            return Ok(None);
        }
        let mut tokens = self.tokens.clone();
        for change in changes {
            let row = changed(&tokens, tenant, change, keys)?;
            tokens.insert(row.token.id().clone(), row);
        }
        Ok(Some(tokens))
    }
}

fn changed(
    tokens: &Tokens,
    tenant: &TenantId,
    change: &TokenChange,
    keys: &KeyRing,
) -> Result<TokenRow, StoreError> {
    let token = change.token();
    let before = tokens.get(token.id());
    match (change, before) {
        (TokenChange::Insert { .. }, Some(_)) => {
            return Err(StoreError::LocationTaken { location: token.id().clone() });
        }
        (TokenChange::Update { .. } | TokenChange::Replace { .. }, None) => {
            return Err(StoreError::UnknownToken { location: token.id().clone() });
        }
        _ => check_name(tokens, token)?,
    }
    let seal = |secret: &ContentToken| {
        let sealed = seal_secret(keys, tenant, token.id(), secret)?;
        Ok::<_, StoreError>(SealedSecret { sealed, generation: token.generation })
    };
    let secret = match (change, before) {
        (TokenChange::Insert { content_token, .. } | TokenChange::Replace { content_token, .. }, _) => {
            seal(content_token)?
        }
        (TokenChange::Update { .. }, Some(before)) => before.secret.clone(),
        (TokenChange::Update { .. }, None) => {
            return Err(StoreError::UnknownToken { location: token.id().clone() });
        }
    };
    Ok(TokenRow { token: token.clone(), secret })
}

fn check_name(tokens: &Tokens, token: &Token) -> Result<(), StoreError> {
    let name = &token.settings.detail.name;
    let folded = name.folded();
    let taken = tokens
        .values()
        .any(|row| row.token.id() != token.id() && row.token.settings.detail.name.folded() == folded);
    if taken { Err(StoreError::NameTaken { name: name.clone() }) } else { Ok(()) }
}
