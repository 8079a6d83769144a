//! A portal action as a tester writes it.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault_body::Holders;
use super::views::TesterError;
use crate::apple::{
    AdamId, AssetKey, ClientUserId, ContentManager, ListingKind, LocationUid, Platform, PricingParam,
    StoreListing,
};
use crate::model::{Claim, NewLocation, TokenDownload};
use crate::portal::PortalError;
use crate::simulator::Simulator;

/// A portal action. Where the location is left out, it is the oldest one.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[rustfmt::skip]
pub(crate) enum PortalAction {
    Buy { location: LocationRef, asset: AssetRef, seats: u32 },
    Refund { location: LocationRef, asset: AssetRef, seats: u32 },
    Transfer { location: LocationRef, to: String, asset: AssetRef, seats: u32 },
    MakeUnlimited { location: LocationRef, asset: AssetRef },
    SetAssigned { location: LocationRef, asset: AssetRef, seats: u32 },
    Assign { location: LocationRef, asset: AssetRef, holders: Holders },
    Unassign { location: LocationRef, asset: AssetRef, holders: Holders },
    ListApp { app: AppBody },
    SetOnSale { asset: AssetRef, on_sale: bool },
    CreateLocation { name: String, org_name: String, country: String, platform: Option<Platform> },
    RenameLocation { location: LocationRef, name: String },
    SetCountry { location: LocationRef, country: String },
    ClaimByOther { location: LocationRef, id: String, name: String, metadata: String },
    RemoveClaim { location: LocationRef },
    SetLegacyTokens { location: LocationRef, legacy: bool },
    SetManagedByApple { location: LocationRef, managed: bool },
    DownloadToken {
        location: LocationRef, read_only: Option<bool>, expires_at: Option<DateTime<Utc>>, account: Option<String>,
    },
    RevokeToken { token: String },
    ChangePassword { account: Option<String>, location: LocationRef },
    AddManagedAccount { location: LocationRef, account: String },
    AcceptInvitation { location: LocationRef, client_user_id: String, account: String },
    ForgetVersions { location: LocationRef },
}

impl PortalAction {
    /// Reads the body of an action; its kind comes from the path.
    pub(crate) fn read(action: &str, body: &[u8]) -> Result<Self, TesterError> {
        let mut body: serde_json::Map<String, Value> =
            if body.is_empty() { serde_json::Map::new() } else { serde_json::from_slice(body)? };
        body.insert("kind".to_owned(), action.into());
        Ok(serde_json::from_value(body.into())?)
    }

    /// Acts in the portal. The answer holds what a tester needs for the next act, such as ids.
    pub(crate) fn act(&self, simulator: &Simulator) -> Result<Value, TesterError> {
        let at = |location: &LocationRef| location.find(simulator);
        match self {
            Self::Buy { location, asset, seats } => done(simulator.buy(&at(location)?, asset.key()?, *seats)),
            Self::Refund { location, asset, seats } => {
                done(simulator.refund(&at(location)?, asset.key()?, *seats))
            }
            Self::Transfer { location, to, asset, seats } => {
                let to = LocationUid::from(to.as_str());
                done(simulator.transfer(&at(location)?, &to, asset.key()?, *seats))
            }
            Self::MakeUnlimited { location, asset } => {
                done(simulator.make_unlimited(&at(location)?, asset.key()?))
            }
            Self::SetAssigned { location, asset, seats } => {
                done(simulator.set_assigned(&at(location)?, asset.key()?, *seats))
            }
            Self::Assign { location, asset, holders } => {
                let changed = simulator.assign(&at(location)?, asset.key()?, holders.all())?;
                Ok(json!({ "changed": changed }))
            }
            Self::Unassign { location, asset, holders } => {
                let changed = simulator.unassign(&at(location)?, asset.key()?, holders.all())?;
                Ok(json!({ "changed": changed }))
            }
            Self::ListApp { app } => {
                simulator.list(app.listing()?);
                Ok(json!({}))
            }
            Self::SetOnSale { asset, on_sale } => done(simulator.set_on_sale(asset.key()?.adam_id, *on_sale)),
            Self::CreateLocation { name, org_name, country, platform } => {
                let new = NewLocation::new(name, org_name, country.as_str()).on(platform.unwrap_or_default());
                Ok(json!({ "location": simulator.create_location(new).as_str() }))
            }
            other => other.act_on_location(simulator),
        }
    }

    fn act_on_location(&self, simulator: &Simulator) -> Result<Value, TesterError> {
        let at = |location: &LocationRef| location.find(simulator);
        match self {
            Self::RenameLocation { location, name } => done(simulator.rename_location(&at(location)?, name)),
            Self::SetCountry { location, country } => {
                done(simulator.set_country(&at(location)?, country.as_str()))
            }
            Self::ClaimByOther { location, id, name, metadata } => {
                done(simulator.claim_by_other(&at(location)?, Claim::new(id, name, metadata)))
            }
            Self::RemoveClaim { location } => done(simulator.remove_claim(&at(location)?)),
            Self::SetLegacyTokens { location, legacy } => {
                done(simulator.set_legacy_tokens(&at(location)?, *legacy))
            }
            Self::SetManagedByApple { location, managed } => {
                done(simulator.set_managed_by_apple(&at(location)?, *managed))
            }
            Self::AddManagedAccount { location, account } => {
                done(simulator.add_managed_account(&at(location)?, account))
            }
            Self::AcceptInvitation { location, client_user_id, account } => {
                let user = ClientUserId::new(client_user_id);
                done(simulator.accept_invitation(&at(location)?, &user, account))
            }
            Self::ForgetVersions { location } => done(simulator.forget_versions(&at(location)?)),
            other => other.act_on_token(simulator),
        }
    }

    fn act_on_token(&self, simulator: &Simulator) -> Result<Value, TesterError> {
        let at = |location: &LocationRef| location.find(simulator);
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
                let token = simulator.download_token(&at(location)?, download)?;
                let (id, at) = (token.id.to_string(), token.expires_at);
                Ok(json!({ "token": id, "token_file": token.file, "expires_at": at }))
            }
            Self::RevokeToken { token } => {
                let id = token.parse().map_err(|()| TesterError::Id(token.clone()))?;
                done(simulator.revoke_token(id))
            }
            Self::ChangePassword { account, location } => {
                let account = match account {
                    Some(account) => ContentManager::new(account),
                    None => simulator.content_manager(&at(location)?)?,
                };
                Ok(json!({ "tokens_killed": simulator.change_password(&account) }))
            }
            _ => Err(TesterError::NoSuchPath),
        }
    }
}

/// The answer to an act without a result.
fn done(result: Result<(), PortalError>) -> Result<Value, TesterError> {
    result?;
    Ok(json!({}))
}

/// A location by its id, or the oldest one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct LocationRef(Option<String>);

impl LocationRef {
    pub(crate) fn find(&self, simulator: &Simulator) -> Result<LocationUid, TesterError> {
        match &self.0 {
            Some(uid) => Ok(LocationUid::from(uid.as_str())),
            None => simulator.locations().into_iter().next().ok_or(TesterError::NoLocation),
        }
    }
}

/// An asset, of standard quality by default.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssetRef {
    adam_id: String,
    #[serde(default)]
    pricing_param: PricingParam,
}

impl AssetRef {
    pub(crate) fn key(&self) -> Result<AssetKey, TesterError> {
        Ok(AssetKey::new(adam_id(&self.adam_id)?, self.pricing_param))
    }
}

/// An app or book to be put into the store. Members left out are as in [`StoreListing::ios_app`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppBody {
    adam_id: String,
    name: String,
    bundle_id: Option<String>,
    listing: Option<ListingKind>,
    #[serde(default)]
    custom: bool,
    countries: Option<Vec<String>>,
    device_assignable: Option<bool>,
}

impl AppBody {
    pub(crate) fn listing(&self) -> Result<StoreListing, TesterError> {
        let (id, name) = (adam_id(&self.adam_id)?, self.name.as_str());
        let bundle_id = self.bundle_id.clone().unwrap_or_else(|| format!("com.example.app{id}"));
        let mut listing = match self.listing.unwrap_or(ListingKind::IosApp) {
            ListingKind::IosApp => StoreListing::ios_app(id, name, bundle_id),
            ListingKind::UniversalApp => StoreListing::universal_app(id, name, bundle_id),
            ListingKind::MacApp => StoreListing::mac_app(id, name, bundle_id),
            ListingKind::Book => StoreListing::book(id, name),
        };
        listing.custom = self.custom;
        if let Some(countries) = &self.countries {
            listing = listing.sold_in(countries.iter().map(String::as_str));
        }
        if let Some(assignable) = self.device_assignable {
            listing.device_assignable = assignable;
        }
        Ok(listing)
    }
}

fn adam_id(text: &str) -> Result<AdamId, TesterError> {
    text.parse().map_err(|_| TesterError::Id(text.to_owned()))
}
