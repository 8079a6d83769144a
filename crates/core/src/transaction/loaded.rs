//! What a store loads for a decision.

use std::collections::BTreeMap;

use crate::{
    catalog::{Admission, App, Pool},
    id::{AdamId, LocationId},
    location::LocationRows,
    token::Token,
};

/// The rows of one tenant that a decision may look at, as of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// How many transactions the tenant had.
    pub transaction: u64,
    /// Tokens, by location.
    pub tokens: Vec<Token>,
    /// Apps of the catalog.
    pub apps: BTreeMap<AdamId, App>,
    /// Which assets of a location were admitted to the catalog.
    pub admissions: BTreeMap<AdamId, Admission>,
    /// The pools of a location, by app and then by pricing.
    pub pools: Vec<Pool>,
    /// The talk with Apple about one location, if it was asked for.
    pub location: Option<LocationRows>,
}

impl Loaded {
    /// The token of a location.
    #[must_use]
    pub fn token(&self, location: &LocationId) -> Option<&Token> {
        self.tokens.iter().find(|token| token.id() == location)
    }
}
