//! The things that portal actions name: locations, assets and apps.

use serde::Deserialize;

use super::trouble::Trouble;
use crate::model::{AdamId, AssetKey, ListingKind, LocationUid, PricingParam, StoreListing};
use crate::simulator::Simulator;

/// A location by its id, or the oldest one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Place(Option<String>);

impl Place {
    pub(super) fn find(&self, simulator: &Simulator) -> Result<LocationUid, Trouble> {
        match &self.0 {
            Some(uid) => Ok(LocationUid::from(uid.as_str())),
            None => simulator.locations().into_iter().next().ok_or(Trouble::NoLocation),
        }
    }
}

/// An asset, of standard quality unless said otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Of {
    adam_id: String,
    #[serde(default)]
    pricing_param: PricingParam,
}

impl Of {
    pub(super) fn key(&self) -> Result<AssetKey, Trouble> {
        Ok(AssetKey::new(adam_id(&self.adam_id)?, self.pricing_param))
    }
}

/// An app or book to be put into the store. What is left out is as in [`StoreListing::ios_app`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppOrder {
    adam_id: String,
    name: String,
    bundle_id: Option<String>,
    listing: Option<ListingKind>,
    #[serde(default)]
    custom: bool,
    countries: Option<Vec<String>>,
    device_assignable: Option<bool>,
}

impl AppOrder {
    pub(super) fn listing(&self) -> Result<StoreListing, Trouble> {
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

fn adam_id(text: &str) -> Result<AdamId, Trouble> {
    text.parse().map_err(|_| Trouble::Id(text.to_owned()))
}
