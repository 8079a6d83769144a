//! Listings of the store, and the views of it that a client can ask for.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ids::{AdamId, Country};

/// The kind of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ListingKind {
    /// An app for iPhone and iPad.
    IosApp,
    /// An app for iPhone and iPad with a version for the Mac under the same id.
    UniversalApp,
    /// An app for the Mac only.
    MacApp,
    /// A book.
    Book,
}

impl ListingKind {
    /// The platforms of an asset of this kind.
    pub(crate) fn supported_platforms(self) -> Vec<String> {
        owned(match self {
            Self::IosApp => &["iOS"],
            Self::UniversalApp | Self::Book => &["iOS", "macOS"],
            Self::MacApp => &["macOS"],
        })
    }
}

/// A view of the store that a client can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreView {
    /// Everything that an organization can own.
    Organization,
    /// Apps for the Mac, and the Mac's side of universal apps.
    Mac,
}

impl StoreView {
    /// Whether this kind of listing is part of the view.
    pub(crate) fn has(self, kind: ListingKind) -> bool {
        self == Self::Organization || matches!(kind, ListingKind::MacApp | ListingKind::UniversalApp)
    }

    /// Apple's name of a kind. The names for the Mac and for books are assumptions: Apple's samples show `iosSoftware`
    /// alone.
    pub(crate) const fn kind_name(self, kind: ListingKind) -> &'static str {
        match (kind, self) {
            (ListingKind::IosApp, _) | (ListingKind::UniversalApp, Self::Organization) => "iosSoftware",
            (ListingKind::MacApp, _) | (ListingKind::UniversalApp, Self::Mac) => "desktopApp",
            (ListingKind::Book, _) => "ebook",
        }
    }

    /// The devices that a kind of listing runs on.
    pub(crate) fn device_families(self, kind: ListingKind) -> Vec<String> {
        owned(match (kind, self) {
            (ListingKind::IosApp, _) => &["iphone", "ipad", "ipod"],
            (ListingKind::UniversalApp, Self::Organization) => &["iphone", "ipad", "ipod", "mac"],
            (ListingKind::MacApp, _) | (ListingKind::UniversalApp, Self::Mac) => &["mac"],
            (ListingKind::Book, _) => &[],
        })
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// How the lookup shows artwork. Both are in Apple's samples; a client has to read both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArtworkStyle {
    /// One URL template with placeholders for size and format.
    #[default]
    Template,
    /// A list of sizes with a URL each.
    Sizes,
}

/// How the lookup shows an id. Both are in Apple's samples; a client has to read both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdStyle {
    /// As a JSON string.
    #[default]
    Text,
    /// As a JSON number.
    Number,
}

/// An app or book of the store.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoreListing {
    /// Its id.
    pub adam_id: AdamId,
    /// Its name.
    pub name: String,
    /// The company that sells it.
    pub seller: String,
    /// Its kind.
    pub kind: ListingKind,
    /// The bundle id; books have none.
    pub bundle_id: Option<String>,
    /// The version on sale.
    pub version: String,
    /// The oldest operating system it runs on; books have none.
    pub minimum_os: Option<String>,
    /// The price in cents of the storefront's currency; 0 is free.
    pub price_cents: u32,
    /// The countries in whose store it is sold.
    pub storefronts: BTreeSet<Country>,
    /// Whether it is still sold at all. Afterwards only owners find it, by their token.
    pub on_sale: bool,
    /// A custom app ("B2B"): only owners find it, by their token.
    pub custom: bool,
    /// Whether licenses may go to devices. Developers can opt out; books never are.
    pub device_assignable: bool,
    /// How artwork is shown.
    pub artwork_style: ArtworkStyle,
    /// How ids are shown.
    pub id_style: IdStyle,
}

impl StoreListing {
    /// A free public app for iPhone and iPad, sold in Germany and the United States.
    pub fn ios_app(adam_id: AdamId, name: impl Into<String>, bundle_id: impl Into<String>) -> Self {
        Self {
            adam_id,
            name: name.into(),
            seller: "Example Software".to_owned(),
            kind: ListingKind::IosApp,
            bundle_id: Some(bundle_id.into()),
            version: "1.0".to_owned(),
            minimum_os: Some("17.0".to_owned()),
            price_cents: 0,
            storefronts: BTreeSet::from([Country::new("DE"), Country::new("US")]),
            on_sale: true,
            custom: false,
            device_assignable: true,
            artwork_style: ArtworkStyle::default(),
            id_style: IdStyle::default(),
        }
    }

    /// Like [`StoreListing::ios_app`], with a version for the Mac under the same id.
    pub fn universal_app(adam_id: AdamId, name: impl Into<String>, bundle_id: impl Into<String>) -> Self {
        Self { kind: ListingKind::UniversalApp, ..Self::ios_app(adam_id, name, bundle_id) }
    }

    /// A free public app for the Mac only.
    pub fn mac_app(adam_id: AdamId, name: impl Into<String>, bundle_id: impl Into<String>) -> Self {
        Self {
            kind: ListingKind::MacApp,
            minimum_os: Some("14.0".to_owned()),
            ..Self::ios_app(adam_id, name, bundle_id)
        }
    }

    /// A free book.
    pub fn book(adam_id: AdamId, name: impl Into<String>) -> Self {
        Self {
            kind: ListingKind::Book,
            bundle_id: None,
            minimum_os: None,
            device_assignable: false,
            ..Self::ios_app(adam_id, name, "")
        }
    }

    /// Sold by this company.
    #[must_use]
    pub fn sold_by(mut self, seller: impl Into<String>) -> Self {
        self.seller = seller.into();
        self
    }

    /// Sold in these countries only.
    #[must_use]
    pub fn sold_in<'a>(mut self, countries: impl IntoIterator<Item = &'a str>) -> Self {
        self.storefronts = countries.into_iter().map(Country::new).collect();
        self
    }

    /// With this price in cents.
    #[must_use]
    pub fn priced(mut self, cents: u32) -> Self {
        self.price_cents = cents;
        self
    }

    /// In this version.
    #[must_use]
    pub fn in_version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }

    /// A custom app, shown to owners only.
    #[must_use]
    pub fn custom(mut self) -> Self {
        self.custom = true;
        self
    }

    /// Without licenses for devices.
    #[must_use]
    pub fn not_device_assignable(mut self) -> Self {
        self.device_assignable = false;
        self
    }

    /// With its artwork shown this way.
    #[must_use]
    pub fn artwork(mut self, style: ArtworkStyle) -> Self {
        self.artwork_style = style;
        self
    }

    /// With its ids shown this way.
    #[must_use]
    pub fn ids(mut self, style: IdStyle) -> Self {
        self.id_style = style;
        self
    }
}
