//! From Apple's words to types of the core, and from those to queries.

use mdm_vpp_core::catalog::{Asset, Counts, Platform, PricingParam, ProductType, StoreListing};
use mdm_vpp_core::id::{AdamId, LocationId};
use mdm_vpp_core::printable_text;
use mdm_vpp_core::token::{Location, MdmInfo, Region, ReplyFacts, StoreKind, StorePlatform, parse_expiry};
use mdm_vpp_ports::{ClientConfig, NotificationSecret, ServiceErrorKind, Subscription};
use serde::Deserialize;

use crate::apple;
use crate::wire::{
    Artwork, AssetRow, ClaimInfo, ClientConfigReply, EveryReply, LookupItem, UnlimitedAssetRow,
};

/// An asset with counts, found at a place of the reply that errors name. The largest total means unlimited.
pub(crate) fn counted(place: &str, asset: &AssetRow) -> Result<Asset, ServiceErrorKind> {
    let unusable = |member: &str, found| ServiceErrorKind::UnexpectedReply {
        member: format!("{place}.{member}"),
        found,
    };
    let counts = Counts::from_reported(
        asset.total_count,
        asset.assigned_count,
        asset.available_count,
        asset.retired_count,
    );
    let counts =
        counts.map_err(|error| unusable(error.member, format!("it is {}, below zero", error.value)))?;
    let adam_id = asset.adam_id.parse();
    Ok(Asset {
        adam_id: adam_id.map_err(|_| unusable(ADAM_ID, "it is not an id of 1 to 19 digits".to_owned()))?,
        pricing_param: pricing_param(&asset.pricing_param),
        product_type: product_type(&asset.product_type),
        device_assignable: asset.device_assignable,
        revocable: asset.revocable,
        supported_platforms: asset.supported_platforms.iter().map(|name| platform(name)).collect(),
        counts,
    })
}

/// An asset without limit, given the total that means so.
pub(crate) fn unlimited(asset: UnlimitedAssetRow) -> AssetRow {
    AssetRow {
        adam_id: asset.adam_id,
        assigned_count: asset.assigned_count,
        available_count: apple::UNLIMITED,
        device_assignable: asset.device_assignable,
        pricing_param: asset.pricing_param,
        product_type: asset.product_type,
        retired_count: 0,
        revocable: asset.revocable,
        supported_platforms: asset.supported_platforms,
        total_count: apple::UNLIMITED,
    }
}

fn product_type(name: &str) -> ProductType {
    match name.parse() {
        Ok(apple::ProductType::App) => ProductType::App,
        Ok(apple::ProductType::Book) => ProductType::Book,
        Err(()) => ProductType::Other { name: printable_text(name) },
    }
}

fn pricing_param(name: &str) -> PricingParam {
    match name.parse() {
        Ok(apple::PricingParam::Standard) => PricingParam::Standard,
        Ok(apple::PricingParam::HighQuality) => PricingParam::HighQuality,
        Err(()) => PricingParam::Other { name: printable_text(name) },
    }
}

/// The edge of the icon that is chosen, in pixels: sharp in lists and on pages of details.
const ICON: i64 = 512;

pub(crate) fn listing(adam_id: AdamId, item: LookupItem) -> StoreListing {
    StoreListing {
        adam_id,
        name: printable_text(item.name.trim()),
        bundle_id: item.bundle_id.map(|id| printable_text(id.trim())).filter(|id| !id.is_empty()),
        icon_url: icon_url(&item.artwork),
        custom_app: item.is_b2b_custom_app,
        device_families: item.device_families.iter().map(|family| printable_text(family)).collect(),
    }
}

/// The icon whose size comes nearest.
fn icon_url(artwork: &Artwork) -> Option<String> {
    match artwork {
        Artwork::Template { url, .. } => Some(filled(url, ICON)),
        Artwork::Sizes(sizes) => {
            let nearest = sizes.iter().min_by_key(|size| size.width.abs_diff(ICON))?;
            Some(nearest.url.clone())
        }
    }
}

/// The location of a token. One without a name is called by its id.
pub(crate) fn client_config(reply: ClientConfigReply) -> Result<ClientConfig, ServiceErrorKind> {
    let id = location_id(&reply.every_reply)?.ok_or_else(|| no_location("it is missing".to_owned()))?;
    let name = printable_text(reply.location_name.trim());
    let location = Location {
        name: if name.is_empty() { id.to_string() } else { name },
        country: Region::new(&reply.country).ok(),
        store: store_kind(&reply.default_platform),
        id,
    };
    let subscription = subscription(
        reply.notification_url,
        reply.notification_auth_token,
        reply.subscribed_notification_types,
    );
    Ok(ClientConfig { location, reply: facts(reply.every_reply), subscription })
}

/// The subscription to notifications, if there is one.
fn subscription(url: Option<String>, bearer: Option<String>, types: Vec<String>) -> Option<Subscription> {
    let bearer = NotificationSecret::new(bearer?).ok()?;
    Some(Subscription { url: url?, bearer, types: types.into_iter().collect() })
}

/// The location that answered, when the reply names it.
pub(crate) fn location_id(every_reply: &EveryReply) -> Result<Option<LocationId>, ServiceErrorKind> {
    let id = every_reply.u_id.as_deref().map(LocationId::new).transpose();
    id.map_err(|error| no_location(error.to_string()))
}

fn no_location(found: String) -> ServiceErrorKind {
    ServiceErrorKind::UnexpectedReply { member: LOCATION_ID.to_owned(), found }
}

/// Expiry and claim.
pub(crate) fn facts(every_reply: EveryReply) -> ReplyFacts {
    ReplyFacts {
        expires_at: every_reply.token_expiration_date.as_deref().and_then(parse_expiry),
        mdm_info: every_reply.mdm_info.map(claim).filter(|claim| !claim.is_empty()),
    }
}

fn claim(info: ClaimInfo) -> MdmInfo {
    let text = |text: Option<String>| printable_text(&text.unwrap_or_default());
    MdmInfo { id: text(info.id), name: text(info.name), metadata: text(info.metadata) }
}

/// The member that names the location.
const LOCATION_ID: &str = "uId";
/// The member that lists assets.
pub(crate) const ASSETS: &str = "assets";
/// The member that names an app or book.
const ADAM_ID: &str = "adamId";
/// The member that names the page.
pub(crate) const PAGE: &str = "currentPageIndex";
/// The member that names the page after it.
pub(crate) const NEXT_PAGE: &str = "nextPageIndex";

/// The error in a body: a number that is not 0. The message may be missing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorBody {
    pub(crate) error_number: i32,
    #[serde(default)]
    pub(crate) error_message: String,
}

/// The query for a page of a list; the first page needs none.
pub(crate) fn page_query(index: u32) -> String {
    if index == 0 { String::new() } else { format!("?pageIndex={index}") }
}

/// The query of a lookup, with the value of `p` that gives results.
pub(crate) fn lookup_query(platform: StorePlatform, region: Region, ids: &[AdamId]) -> String {
    let ids = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let (platform, country) = (store(platform), region.lower_case());
    format!("?version=2&id={ids}&p=mdm-lockup&caller=MDM&platform={platform}&cc={country}&l=en")
}

fn store(platform: StorePlatform) -> &'static str {
    match platform {
        StorePlatform::Volume => apple::Platform::School.store_name(),
        StorePlatform::Mac => "macappstore",
        _ => apple::Platform::Business.store_name(),
    }
}

/// The store that a location buys in.
fn store_kind(default_platform: &str) -> StoreKind {
    if default_platform == apple::Platform::School.store_name() {
        StoreKind::Education
    } else {
        StoreKind::Business
    }
}

/// An operating system of an asset.
pub(crate) fn platform(name: &str) -> Platform {
    match name {
        "iOS" => Platform::Ios,
        "macOS" => Platform::MacOs,
        "tvOS" => Platform::TvOs,
        "visionOS" => Platform::VisionOs,
        "watchOS" => Platform::WatchOs,
        other => Platform::Other { name: printable_text(other) },
    }
}

/// The address of an icon, from a template with places for width, height and format.
fn filled(template: &str, edge: i64) -> String {
    let edge = edge.to_string();
    template.replace("{w}", &edge).replace("{h}", &edge).replace("{f}", "png")
}
