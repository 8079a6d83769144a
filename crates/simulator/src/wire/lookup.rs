//! Store metadata: the reply of the lookup.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Reply of the lookup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LookupReply {
    pub(crate) results: BTreeMap<String, LookupItem>,
    pub(crate) version: i64,
    /// Always false, also with a token.
    pub(crate) is_authenticated: bool,
    pub(crate) meta: Meta,
}

/// The store and language of the reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Meta {
    pub(crate) storefront: Storefront,
    pub(crate) language: Language,
}

/// A country's store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Storefront {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    pub(crate) cc: String,
}

/// The language of texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Language {
    pub(crate) tag: String,
}

/// An app or book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LookupItem {
    pub(crate) id: ItemId,
    pub(crate) name: String,
    pub(crate) name_raw: String,
    pub(crate) artist_name: String,
    pub(crate) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bundle_id: Option<String>,
    pub(crate) kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) device_families: Vec<String>,
    pub(crate) artwork: Artwork,
    pub(crate) offers: Vec<Offer>,
    #[serde(rename = "minimumOSVersion", skip_serializing_if = "Option::is_none")]
    pub(crate) minimum_os_version: Option<String>,
    #[serde(rename = "isB2BCustomApp")]
    pub(crate) is_b2b_custom_app: bool,
    pub(crate) is_vpp_device_based_licensing_enabled: bool,
    pub(crate) genre_names: Vec<String>,
}

/// An id, in either of the two spellings of Apple's samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum ItemId {
    Number(u64),
    Text(String),
}

/// Artwork, in either of the two shapes of Apple's samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Artwork {
    Sizes(Vec<ArtworkSize>),
    #[serde(rename_all = "camelCase")]
    Template {
        url: String,
        width: i64,
        height: i64,
        bg_color: String,
    },
}

/// One size of an artwork.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ArtworkSize {
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) url: String,
}

/// An offer of it: free or for a price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Offer {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) price: f64,
    pub(crate) price_formatted: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<OfferVersion>,
}

/// The version on sale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OfferVersion {
    pub(crate) display: String,
    pub(crate) external_id: u64,
}
