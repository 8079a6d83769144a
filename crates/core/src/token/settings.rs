//! The token dialog: its three tabs.

use serde::{Deserialize, Serialize};

use crate::token::{AppPolicies, Region, TokenName, TokenScope};

/// What an administrator enters for a token, tab by tab.
///
/// ```
/// use mdm_vpp_core::token::{Region, TokenName, TokenSettings};
///
/// let mut settings = TokenSettings::new(TokenName::new("Berlin")?, Region::new("DE")?);
/// settings.detail.add_apps_automatically = true;
/// settings.policies.restrict_data_backup = true;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSettings {
    /// The tab Token Detail.
    pub detail: TokenDetail,
    /// The tab Policies: the template for the apps that this token adds. A later change of it touches no app.
    pub policies: AppPolicies,
    /// The tab Distribution.
    pub scope: TokenScope,
}

/// The tab Token Detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenDetail {
    /// The token's name, unique in the tenant without regard to case.
    pub name: TokenName,
    /// The store in which the token's apps are looked up.
    pub region: Region,
    /// Add apps automatically: at every sync, public and custom apps come into the catalog; macOS apps do not.
    pub add_apps_automatically: bool,
}

impl TokenSettings {
    /// Settings with everything off and for everybody.
    #[must_use]
    pub fn new(name: TokenName, region: Region) -> Self {
        Self {
            detail: TokenDetail { name, region, add_apps_automatically: false },
            policies: AppPolicies::default(),
            scope: TokenScope::default(),
        }
    }
}
