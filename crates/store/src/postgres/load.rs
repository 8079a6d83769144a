//! What a transaction is given to decide on.

use mdm_vpp_core::{id::TenantId, transaction::Loaded};
use mdm_vpp_ports::{LoadScope, Pools, StoreError, Tokens};

use super::{app_rows, load_talk, pool_numbers::PoolNumbers, pool_rows, token_rows, work::Work};

/// Loads what a scope names, as the transaction sees it, and by which numbers its talk names pools, as far as they were
/// read. The transactions of the tenant are counted elsewhere.
pub(super) async fn load<'s>(
    work: &Work<'_>,
    tenant: &TenantId,
    scope: &'s LoadScope,
) -> Result<(Loaded, Option<PoolNumbers<'s>>), StoreError> {
    let tokens = match &scope.tokens {
        Tokens::None => Vec::new(),
        Tokens::Of(location) => token_rows::load(work, tenant, Some(location)).await?,
        Tokens::All => token_rows::load(work, tenant, None).await?,
    };
    let apps = app_rows::load(work, tenant, &scope.apps).await?;
    let mut loaded = Loaded { tokens, apps, ..Loaded::default() };
    if let Some(location) = &scope.assets_of {
        loaded.admissions = app_rows::admissions(work, tenant, location).await?;
        if token_rows::is_known(work, tenant, location).await? {
            loaded.pools = pool_rows::load(work, location, &Pools::All).await?.0.into_values().collect();
        }
    }
    let mut numbers = None;
    if let Some(talk) = &scope.location {
        (loaded.location, numbers) = load_talk::load(work, tenant, talk).await?.unzip();
    }
    Ok((loaded, numbers))
}
