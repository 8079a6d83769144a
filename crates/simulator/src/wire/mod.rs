//! Apple's spellings, nowhere else in this crate: paths, queries, names, and the JSON of replies and requests.

mod asset_query;
mod assets;
mod client_config;
mod date;
mod error;
mod every_reply;
mod lookup;
mod lookup_query;
pub(crate) mod names;
pub(crate) mod paths;
mod query;
pub(crate) mod sent_token;
mod service_config;
mod token_file;

#[cfg(test)]
mod samples;

pub(crate) use asset_query::{AssetQuery, page_index};
pub(crate) use assets::{Asset, AssetsReply, Page, UnlimitedAsset};
pub(crate) use client_config::{ClientConfigReply, ClientConfigRequest};
pub(crate) use date::date;
pub(crate) use error::{ErrorCode, ErrorInfo, ErrorReply};
pub(crate) use every_reply::{EveryReply, MdmInfo};
pub(crate) use lookup::{
    Artwork, ArtworkSize, Item, ItemId, Language, LookupReply, Meta, Offer, OfferVersion, Storefront,
};
pub(crate) use lookup_query::LookupQuery;
pub(crate) use service_config::ServiceConfigReply;
pub(crate) use token_file::TokenFile;
