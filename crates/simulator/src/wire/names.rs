//! Apple's names for values.

use crate::events::{EventKind, EventStatus};
use crate::model::{Country, ListingKind, Platform, PricingParam, ProductType, StoreView, UserStatus};
use crate::notifications::NotificationKind;

pub(crate) fn product_type(kind: ProductType) -> &'static str {
    match kind {
        ProductType::App => "App",
        ProductType::Book => "Book",
    }
}

pub(crate) fn pricing_param(param: PricingParam) -> &'static str {
    match param {
        PricingParam::Standard => "STDQ",
        PricingParam::HighQuality => "PLUS",
    }
}

/// The platforms of an asset.
pub(crate) fn supported_platforms(kind: ListingKind) -> Vec<String> {
    let names: &[&str] = match kind {
        ListingKind::IosApp => &["iOS"],
        ListingKind::UniversalApp | ListingKind::Book => &["iOS", "macOS"],
        ListingKind::MacApp => &["macOS"],
    };
    owned(names)
}

/// The store that a location asks for metadata.
pub(crate) fn default_platform(platform: Platform) -> &'static str {
    match platform {
        Platform::Business => "enterprisestore",
        Platform::School => "volumestore",
    }
}

/// The portal of a location.
pub(crate) fn website(platform: Platform) -> &'static str {
    match platform {
        Platform::Business => "https://business.apple.com",
        Platform::School => "https://school.apple.com",
    }
}

/// What an event does.
pub(crate) fn event_type(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Associate => "ASSOCIATE",
        EventKind::Disassociate => "DISASSOCIATE",
        EventKind::Revoke => "REVOKE",
        EventKind::CreateUsers => "CREATE",
        EventKind::UpdateUsers => "UPDATE",
        EventKind::RetireUsers => "RETIRE",
    }
}

/// How far an event has come.
pub(crate) fn event_status(status: EventStatus) -> &'static str {
    match status {
        EventStatus::Pending => "PENDING",
        EventStatus::Complete => "COMPLETE",
        EventStatus::Failed => "FAILED",
    }
}

/// What became of a user.
pub(crate) fn user_status(status: UserStatus) -> &'static str {
    match status {
        UserStatus::Registered => "Registered",
        UserStatus::Associated => "Associated",
        UserStatus::Retired => "Retired",
        UserStatus::Deleted => "Deleted",
    }
}

/// What a notification is about.
pub(crate) fn notification_type(kind: NotificationKind) -> &'static str {
    match kind {
        NotificationKind::Test => "TEST_NOTIFICATION",
        NotificationKind::AssetManagement => "ASSET_MANAGEMENT",
        NotificationKind::UserManagement => "USER_MANAGEMENT",
        NotificationKind::UserAssociated => "USER_ASSOCIATED",
        NotificationKind::AssetCount => "ASSET_COUNT",
    }
}

/// What came of the tasks that a notification is about.
pub(crate) fn outcome(done: bool) -> &'static str {
    if done { "SUCCESS" } else { "FAILURE" }
}

/// Kinds of notification that the service knows (Apple's documentation, 2026).
pub(crate) const NOTIFICATION_TYPES: [&str; 7] = [
    "ASSET_MANAGEMENT",
    "USER_MANAGEMENT",
    "USER_ASSOCIATED",
    "ASSET_COUNT",
    "SUBSCRIPTION_MANAGEMENT",
    "SUBSCRIPTION_COUNT",
    "UNLIMITED_ASSET",
];

/// Whether an MDM may subscribe to this kind; the test's own kind may be named too (Apple's documentation).
pub(crate) fn is_notification_type(kind: &str) -> bool {
    kind == notification_type(NotificationKind::Test) || NOTIFICATION_TYPES.contains(&kind)
}

/// The kind of a listing. The Mac's and the book's are assumptions: Apple's samples show only `iosSoftware`.
pub(crate) fn listing_kind(kind: ListingKind, view: StoreView) -> &'static str {
    match (kind, view) {
        (ListingKind::IosApp, _) | (ListingKind::UniversalApp, StoreView::Organization) => "iosSoftware",
        (ListingKind::MacApp, _) | (ListingKind::UniversalApp, StoreView::Mac) => "desktopApp",
        (ListingKind::Book, _) => "ebook",
    }
}

/// The devices that a listing runs on.
pub(crate) fn device_families(kind: ListingKind, view: StoreView) -> Vec<String> {
    owned(match (kind, view) {
        (ListingKind::IosApp, _) => &["iphone", "ipad", "ipod"],
        (ListingKind::UniversalApp, StoreView::Organization) => &["iphone", "ipad", "ipod", "mac"],
        (ListingKind::MacApp, _) | (ListingKind::UniversalApp, StoreView::Mac) => &["mac"],
        (ListingKind::Book, _) => &[],
    })
}

/// How an app is sold.
pub(crate) fn offer_type(price_cents: u32) -> &'static str {
    if price_cents == 0 { "get" } else { "buy" }
}

/// Apple's numbers of some storefronts; others are left out.
pub(crate) fn storefront_number(country: &Country) -> Option<String> {
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

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
