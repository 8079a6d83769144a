//! Owners: the tokens whose locations own an app, in the order in which they are asked.

use std::collections::BTreeSet;

use crate::{
    catalog::{Platform, Pool, PricingParam, ProductType},
    id::LocationId,
    token::{Token, TokenName, TokenScope},
};

/// A token whose location owns an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner<'a> {
    /// The location.
    pub location: &'a LocationId,
    /// The token's name.
    pub name: &'a TokenName,
    /// The groups that draw licenses from the token, and its priority.
    pub scope: &'a TokenScope,
    /// The quality of the asset. A location may own a book in two qualities.
    pub pricing_param: &'a PricingParam,
    /// Whether a license may be assigned to a device.
    pub device_assignable: bool,
    /// Whether it is a book.
    pub book: bool,
    /// The platforms the app runs on; empty when Apple does not say.
    pub platforms: &'a BTreeSet<Platform>,
}

/// The owners of an app by rank: tokens restricted to groups before unrestricted ones, then by priority, then by name
/// (ours; other products with several tokens order them by priority).
///
/// The rank does not depend on the recipient, so one list serves all recipients of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owners<'a>(Vec<Owner<'a>>);

impl<'a> Owner<'a> {
    /// Makes an owner from a token and one of its location's pools.
    #[must_use]
    pub fn of(token: &'a Token, pool: &'a Pool) -> Self {
        Self {
            location: token.id(),
            name: &token.settings.detail.name,
            scope: &token.settings.scope,
            pricing_param: &pool.pricing_param,
            device_assignable: pool.device_assignable,
            book: pool.product_type == ProductType::Book,
            platforms: &pool.supported_platforms,
        }
    }
}

impl<'a> Owners<'a> {
    /// Ranks owners. Of two with the same location and quality only the better one is kept.
    #[must_use]
    pub fn ranked(owners: impl IntoIterator<Item = Owner<'a>>) -> Self {
        let mut owners: Vec<Owner<'a>> = owners.into_iter().collect();
        owners.sort_by_cached_key(|owner| {
            let rank = (owner.scope.groups.is_empty(), owner.scope.priority, owner.name.folded());
            // Location and quality make the order total, so it does not depend on the order of the input.
            (rank, owner.location.clone(), owner.pricing_param.clone())
        });
        let mut named = BTreeSet::new();
        owners.retain(|owner| named.insert((owner.location, owner.pricing_param)));
        Self(owners)
    }

    /// The owners, best first.
    pub fn iter(&self) -> std::slice::Iter<'_, Owner<'a>> {
        self.0.iter()
    }
}
