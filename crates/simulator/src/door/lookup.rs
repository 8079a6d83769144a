//! The metadata lookup: what the store shows of an app, and to whom.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::answer::Answer;
use super::authentication::{dead, itvt};
use super::lookup_item::item;
use super::query::Query;
use crate::model::{AdamId, AssetKey, Country, ListingKind, Location, PricingParam, Service, StoreListing};
use crate::request::Request;
use crate::response::{JAVASCRIPT, Response};
use crate::wire::{Language, LookupReply, Meta, Storefront};

/// The one value of `p` that gives results. The likely misspelling `mdm-lookup` gives none (observed in the wild).
const PURPOSE: &str = "mdm-lockup";

/// The view of the store that a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// `enterprisestore` or `volumestore`: everything.
    Organization,
    /// `macappstore`: apps for the Mac, and the Mac's side of universal apps.
    Mac,
}

pub(super) fn answer(service: &Service, request: &Request, now: DateTime<Utc>) -> Answer {
    let query = Query::read(&request.query);
    let country = Country::new(query.text("cc").unwrap_or("US"));
    let reply = LookupReply {
        results: results(service, request, &query, &country, now),
        version: query.text("version").and_then(|version| version.parse().ok()).unwrap_or(2),
        is_authenticated: false,
        meta: Meta {
            storefront: Storefront {
                id: storefront_number(&country),
                cc: country.as_str().to_ascii_lowercase(),
            },
            language: Language { tag: query.text("l").unwrap_or("en").to_owned() },
        },
    };
    Answer::plain(Response::json(200, JAVASCRIPT, &reply))
}

/// Whatever is wrong (purpose, platform, id, country, token), the answer is an empty object (Apple's documentation).
fn results(
    service: &Service,
    request: &Request,
    query: &Query,
    country: &Country,
    now: DateTime<Utc>,
) -> BTreeMap<String, crate::wire::Item> {
    let view = match query.text("platform") {
        Some("enterprisestore" | "volumestore") => View::Organization,
        Some("macappstore") => View::Mac,
        _ => return BTreeMap::new(),
    };
    if query.text("p") != Some(PURPOSE) {
        return BTreeMap::new();
    }
    let owner = itvt(request)
        .and_then(|sent| service.token(sent))
        .filter(|token| dead(token, now).is_none())
        .and_then(|token| service.locations.get(&token.location));
    let ids =
        query.text("id").unwrap_or_default().split(',').filter_map(|id| id.trim().parse::<AdamId>().ok());
    ids.filter_map(|id| service.listings.get(&id))
        .filter(|listing| shows(listing, country, owner))
        .filter_map(|listing| Some((listing.adam_id.to_string(), item(listing, view)?)))
        .collect()
}

/// Custom apps, and apps no longer sold, are for those who own them; and a store shows only what its country sells.
fn shows(listing: &StoreListing, country: &Country, owner: Option<&Location>) -> bool {
    let keys = [PricingParam::Standard, PricingParam::HighQuality]
        .map(|param| AssetKey::new(listing.adam_id, param));
    let owned = || owner.is_some_and(|location| keys.iter().any(|key| location.assets.contains_key(key)));
    let public = listing.on_sale && !listing.custom;
    listing.storefronts.contains(country) && (public || owned())
}

/// Apple's numbers of some storefronts; others are left out.
fn storefront_number(country: &Country) -> Option<String> {
    let number = match country.as_str() {
        "US" => "143441",
        "FR" => "143442",
        "DE" => "143443",
        "GB" => "143444",
        "AT" => "143445",
        "CH" => "143459",
        _ => return None,
    };
    Some(number.to_owned())
}

impl View {
    /// Whether this kind of listing is part of the view.
    pub(super) fn has(self, kind: ListingKind) -> bool {
        self == Self::Organization || matches!(kind, ListingKind::MacApp | ListingKind::UniversalApp)
    }
}
