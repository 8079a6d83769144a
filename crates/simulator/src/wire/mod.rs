//! Apple's spellings, nowhere else in this crate: paths, queries, names, and the JSON of replies and requests.

mod asset_query;
mod assets;
mod assignment_query;
mod assignments;
mod client_config;
mod date;
mod error;
mod every_reply;
mod lookup;
mod lookup_query;
mod manage;
pub(crate) mod names;
mod notification;
pub(crate) mod paths;
mod query;
pub(crate) mod sent_token;
mod service_config;
mod status;
mod token_file;
mod user_query;
mod users;

#[cfg(test)]
mod samples;

pub(crate) use asset_query::{AssetQuery, page_index};
pub(crate) use assets::{Asset, AssetsReply, Page, UnlimitedAsset};
pub(crate) use assignment_query::AssignmentQuery;
pub(crate) use assignments::{Assignment, AssignmentsReply};
pub(crate) use client_config::{ClientConfigReply, ClientConfigRequest};
pub(crate) use date::date;
pub(crate) use error::{ErrorCode, ErrorInfo, ErrorReply};
pub(crate) use every_reply::{EveryReply, MdmInfo};
pub(crate) use lookup::{
    Artwork, ArtworkSize, Item, ItemId, Language, LookupReply, Meta, Offer, OfferVersion, Storefront,
};
pub(crate) use lookup_query::LookupQuery;
pub(crate) use manage::{AssetName, EventReply, ManageAssetsRequest};
pub(crate) use notification::{
    AssetCount, AssetManagement, Envelope, NotifiedError, UserAssociated, UserManagement,
};
pub(crate) use query::event_id;
pub(crate) use service_config::ServiceConfigReply;
pub(crate) use status::{Failure, StatusReply};
pub(crate) use token_file::TokenFile;
pub(crate) use user_query::UserQuery;
pub(crate) use users::{ManageUsersRequest, RequestUser, ResponseUser, UsersReply};
