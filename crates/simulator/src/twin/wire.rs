//! Apple's spellings that only a client needs: queries, and names to be read back.

use mdm_vpp_core::id::AdamId;
use mdm_vpp_core::printable_text;
use mdm_vpp_core::token::{Region, StoreKind};
use mdm_vpp_core::{catalog::Platform, token::StorePlatform};

use serde::Deserialize;

use crate::model::Platform as Portal;
use crate::wire::names;

/// The member that names the location.
pub(super) const LOCATION_ID: &str = "uId";
/// The member that lists assets.
pub(super) const ASSETS: &str = "assets";
/// The member that names an app or book.
pub(super) const ADAM_ID: &str = "adamId";
/// The member that names the page.
pub(super) const PAGE: &str = "currentPageIndex";
/// The member that names the page after it.
pub(super) const NEXT_PAGE: &str = "nextPageIndex";

/// An error as a body tells it: a number that is not 0. The message may be missing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToldError {
    pub(super) error_number: i32,
    #[serde(default)]
    pub(super) error_message: String,
}

/// The query for a page of a list; the first page needs none.
pub(super) fn page_query(index: u32) -> String {
    if index == 0 { String::new() } else { format!("?pageIndex={index}") }
}

/// The query of a lookup, with the value of `p` that gives results.
pub(super) fn lookup_query(platform: StorePlatform, region: Region, ids: &[AdamId]) -> String {
    let ids = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let (platform, country) = (store(platform), region.lower_case());
    format!("?version=2&id={ids}&p=mdm-lockup&caller=MDM&platform={platform}&cc={country}&l=en")
}

fn store(platform: StorePlatform) -> &'static str {
    match platform {
        StorePlatform::Volume => names::default_platform(Portal::School),
        StorePlatform::Mac => "macappstore",
        _ => names::default_platform(Portal::Business),
    }
}

/// Which store a location buys in.
pub(super) fn store_kind(default_platform: &str) -> StoreKind {
    if default_platform == names::default_platform(Portal::School) {
        StoreKind::Education
    } else {
        StoreKind::Business
    }
}

/// An operating system of an asset.
pub(super) fn platform(name: &str) -> Platform {
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
pub(super) fn filled(template: &str, edge: i64) -> String {
    let edge = edge.to_string();
    template.replace("{w}", &edge).replace("{h}", &edge).replace("{f}", "png")
}
