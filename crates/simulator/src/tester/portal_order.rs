//! A portal action as a tester writes it.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::plan_order::Holders;
use super::portal_lists::{AppOrder, Of, Place};
use super::trouble::Trouble;
use crate::model::{Claim, ClientUserId, ContentManager, LocationUid, NewLocation, Platform, TokenDownload};
use crate::simulator::Simulator;

/// A portal action. Where the location is left out, the oldest one is meant.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[rustfmt::skip]
pub(super) enum PortalOrder {
    Buy { location: Place, asset: Of, seats: u32 },
    Refund { location: Place, asset: Of, seats: u32 },
    Transfer { location: Place, to: String, asset: Of, seats: u32 },
    MakeUnlimited { location: Place, asset: Of },
    SetAssigned { location: Place, asset: Of, seats: u32 },
    Assign { location: Place, asset: Of, holders: Holders },
    Unassign { location: Place, asset: Of, holders: Holders },
    ListApp { app: AppOrder },
    SetOnSale { asset: Of, on_sale: bool },
    CreateLocation { name: String, org_name: String, country: String, platform: Option<Platform> },
    RenameLocation { location: Place, name: String },
    SetCountry { location: Place, country: String },
    ClaimByOther { location: Place, id: String, name: String, metadata: String },
    RemoveClaim { location: Place },
    SetLegacyTokens { location: Place, legacy: bool },
    SetManagedByApple { location: Place, managed: bool },
    DownloadToken { location: Place, read_only: Option<bool>, expires_at: Option<DateTime<Utc>>, account: Option<String> },
    RevokeToken { token: String },
    ChangePassword { account: Option<String>, location: Place },
    AddManagedAccount { location: Place, account: String },
    AcceptInvitation { location: Place, client_user_id: String, account: String },
    ForgetVersions { location: Place },
}

impl PortalOrder {
    /// Reads the body of an action that the path names.
    pub(super) fn read(action: &str, body: &[u8]) -> Result<Self, Trouble> {
        let mut body: serde_json::Map<String, Value> =
            if body.is_empty() { serde_json::Map::new() } else { serde_json::from_slice(body)? };
        body.insert("kind".to_owned(), action.into());
        Ok(serde_json::from_value(body.into())?)
    }

    /// Does it. The answer is what a tester needs to know of it.
    pub(super) fn act(&self, simulator: &Simulator) -> Result<Value, Trouble> {
        match self {
            Self::Buy { location, asset, seats } => {
                simulator.buy(&location.find(simulator)?, asset.key()?, *seats)?;
            }
            Self::Refund { location, asset, seats } => {
                simulator.refund(&location.find(simulator)?, asset.key()?, *seats)?;
            }
            Self::Transfer { location, to, asset, seats } => {
                let to = LocationUid::from(to.as_str());
                simulator.transfer(&location.find(simulator)?, &to, asset.key()?, *seats)?;
            }
            Self::MakeUnlimited { location, asset } => {
                simulator.make_unlimited(&location.find(simulator)?, asset.key()?)?;
            }
            Self::SetAssigned { location, asset, seats } => {
                simulator.set_assigned(&location.find(simulator)?, asset.key()?, *seats)?;
            }
            Self::Assign { location, asset, holders } => {
                let changed = simulator.assign(&location.find(simulator)?, asset.key()?, holders.all())?;
                return Ok(json!({ "changed": changed }));
            }
            Self::Unassign { location, asset, holders } => {
                let changed = simulator.unassign(&location.find(simulator)?, asset.key()?, holders.all())?;
                return Ok(json!({ "changed": changed }));
            }
            Self::ListApp { app } => simulator.list(app.listing()?),
            Self::SetOnSale { asset, on_sale } => simulator.set_on_sale(asset.key()?.adam_id, *on_sale)?,
            Self::CreateLocation { name, org_name, country, platform } => {
                let new = NewLocation::new(name, org_name, country.as_str()).on(platform.unwrap_or_default());
                return Ok(json!({ "location": simulator.create_location(new).as_str() }));
            }
            other => return other.act_on_location(simulator),
        }
        Ok(json!({}))
    }

    fn act_on_location(&self, simulator: &Simulator) -> Result<Value, Trouble> {
        match self {
            Self::RenameLocation { location, name } => {
                simulator.rename_location(&location.find(simulator)?, name)?;
            }
            Self::SetCountry { location, country } => {
                simulator.set_country(&location.find(simulator)?, country.as_str())?;
            }
            Self::ClaimByOther { location, id, name, metadata } => {
                simulator.claim_by_other(&location.find(simulator)?, Claim::new(id, name, metadata))?;
            }
            Self::RemoveClaim { location } => simulator.remove_claim(&location.find(simulator)?)?,
            Self::SetLegacyTokens { location, legacy } => {
                simulator.set_legacy_tokens(&location.find(simulator)?, *legacy)?;
            }
            Self::SetManagedByApple { location, managed } => {
                simulator.set_managed_by_apple(&location.find(simulator)?, *managed)?;
            }
            Self::AddManagedAccount { location, account } => {
                simulator.add_managed_account(&location.find(simulator)?, account)?;
            }
            Self::AcceptInvitation { location, client_user_id, account } => {
                let user = ClientUserId::new(client_user_id);
                simulator.accept_invitation(&location.find(simulator)?, &user, account)?;
            }
            Self::ForgetVersions { location } => simulator.forget_versions(&location.find(simulator)?)?,
            other => return other.act_on_token(simulator),
        }
        Ok(json!({}))
    }

    fn act_on_token(&self, simulator: &Simulator) -> Result<Value, Trouble> {
        match self {
            Self::DownloadToken { location, read_only, expires_at, account } => {
                let mut download = TokenDownload::usual();
                if read_only.unwrap_or(false) {
                    download = download.read_only();
                }
                if let Some(at) = expires_at {
                    download = download.expiring_at(*at);
                }
                if let Some(account) = account {
                    download = download.by(ContentManager::new(account));
                }
                let token = simulator.download_token(&location.find(simulator)?, download)?;
                let (id, at) = (token.id.to_string(), token.expires_at);
                Ok(json!({ "token": id, "token_file": token.file, "expires_at": at }))
            }
            Self::RevokeToken { token } => {
                let id = token.parse().map_err(|()| Trouble::Id(token.clone()))?;
                simulator.revoke_token(id)?;
                Ok(json!({}))
            }
            Self::ChangePassword { account, location } => {
                let account = match account {
                    Some(account) => ContentManager::new(account),
                    None => simulator.content_manager(&location.find(simulator)?)?,
                };
                Ok(json!({ "tokens_killed": simulator.change_password(&account) }))
            }
            _ => Err(Trouble::NoSuchDoor),
        }
    }
}
