//! The metadata lookup: which apps the store shows to a client, and how.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::answer::Answer;
use super::authentication::dead;
use crate::apple::{
    ArtworkStyle, AssetKey, Country, IdStyle, ListingKind, PricingParam, StoreListing, StoreView,
};
use crate::model::Location;
use crate::service::Service;
use crate::wire::{
    Artwork, ArtworkSize, ItemId, JAVASCRIPT, Language, LookupItem, LookupQuery, LookupReply, Meta, Offer,
    OfferVersion, Request, Response, Storefront,
};

pub(crate) fn look_up(service: &Service, request: &Request, now: DateTime<Utc>) -> Answer {
    let query = LookupQuery::read(&request.query);
    let reply = LookupReply {
        results: results(service, request, &query, now),
        version: query.version,
        is_authenticated: false,
        meta: Meta {
            storefront: Storefront {
                id: query.country.storefront_number().map(str::to_owned),
                cc: query.country.as_str().to_ascii_lowercase(),
            },
            language: Language { tag: query.language },
        },
    };
    Answer::plain(Response::json(200, JAVASCRIPT, &reply))
}

/// The results: an empty object when anything is wrong with purpose, platform, id, country or token (Apple's
/// documentation).
fn results(
    service: &Service,
    request: &Request,
    query: &LookupQuery,
    now: DateTime<Utc>,
) -> BTreeMap<String, LookupItem> {
    let Some(view) = query.view else { return BTreeMap::new() };
    let owner = request
        .cookie_token()
        .and_then(|sent| service.token(sent))
        .filter(|token| dead(token, now).is_none())
        .and_then(|token| service.locations.get(&token.location));
    let listed = query.ids.iter().filter_map(|id| service.listings.get(id));
    listed
        .filter(|listing| view.has(listing.kind) && shows(listing, &query.country, owner))
        .map(|listing| (listing.adam_id.to_string(), item(listing, view)))
        .collect()
}

/// Whether the store shows a listing. Custom apps and apps no longer sold are shown to their owners, and a store shows
/// only the apps that are sold in its country.
fn shows(listing: &StoreListing, country: &Country, owner: Option<&Location>) -> bool {
    let public = listing.on_sale && !listing.custom;
    listing.storefronts.contains(country) && (public || owner.is_some_and(|location| owns(location, listing)))
}

fn owns(location: &Location, listing: &StoreListing) -> bool {
    PricingParam::ALL
        .into_iter()
        .any(|param| location.assets.contains_key(&AssetKey::new(listing.adam_id, param)))
}

/// One app or book as the lookup shows it.
fn item(listing: &StoreListing, view: StoreView) -> LookupItem {
    let id = listing.adam_id;
    LookupItem {
        id: match listing.id_style {
            IdStyle::Text => ItemId::Text(id.to_string()),
            IdStyle::Number => ItemId::Number(id.number()),
        },
        name: listing.name.clone(),
        name_raw: listing.name.clone(),
        artist_name: listing.seller.clone(),
        url: format!("https://store.invalid/{id}"),
        bundle_id: listing.bundle_id.clone(),
        kind: view.kind_name(listing.kind).to_owned(),
        device_families: view.device_families(listing.kind),
        artwork: artwork(listing),
        offers: vec![offer(listing)],
        minimum_os_version: listing.minimum_os.clone(),
        is_b2b_custom_app: listing.custom,
        is_vpp_device_based_licensing_enabled: listing.device_assignable,
        genre_names: vec!["Business".to_owned()],
    }
}

fn artwork(listing: &StoreListing) -> Artwork {
    let at = format!("https://artwork.invalid/{}", listing.adam_id);
    match listing.artwork_style {
        ArtworkStyle::Template => Artwork::Template {
            url: format!("{at}/{{w}}x{{h}}bb.{{f}}"),
            width: 1024,
            height: 1024,
            bg_color: "ffffff".to_owned(),
        },
        ArtworkStyle::Sizes => Artwork::Sizes(
            [60, 100, 512]
                .map(|edge| ArtworkSize {
                    width: edge,
                    height: edge,
                    url: format!("{at}/{edge}x{edge}bb.png"),
                })
                .to_vec(),
        ),
    }
}

fn offer(listing: &StoreListing) -> Offer {
    let (whole, cents) = (listing.price_cents / 100, listing.price_cents % 100);
    Offer {
        kind: if listing.price_cents == 0 { "get" } else { "buy" }.to_owned(),
        price: f64::from(listing.price_cents) / 100.0,
        price_formatted: format!("{whole}.{cents:02}"),
        version: (listing.kind != ListingKind::Book)
            .then(|| OfferVersion { display: listing.version.clone(), external_id: external_id(listing) }),
    }
}

/// A number that differs between apps and between versions of an app.
fn external_id(listing: &StoreListing) -> u64 {
    let start = listing.adam_id.number();
    listing
        .version
        .bytes()
        .fold(start, |id, byte| (id.wrapping_mul(31).wrapping_add(u64::from(byte))) % 1_000_000_007)
}
