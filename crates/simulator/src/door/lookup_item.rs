//! One app or book as the lookup shows it.

use crate::model::{ArtworkStyle, IdStyle, ListingKind, StoreListing, StoreView};
use crate::wire::{Artwork, ArtworkSize, Item, ItemId, Offer, OfferVersion, names};

pub(super) fn item(listing: &StoreListing, view: StoreView) -> Item {
    let id = listing.adam_id;
    Item {
        id: match listing.id_style {
            IdStyle::Text => ItemId::Text(id.to_string()),
            IdStyle::Number => ItemId::Number(id.number()),
        },
        name: listing.name.clone(),
        name_raw: listing.name.clone(),
        artist_name: listing.seller.clone(),
        url: format!("https://store.invalid/{id}"),
        bundle_id: listing.bundle_id.clone(),
        kind: names::listing_kind(listing.kind, view).to_owned(),
        device_families: names::device_families(listing.kind, view),
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
        kind: names::offer_type(listing.price_cents).to_owned(),
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
