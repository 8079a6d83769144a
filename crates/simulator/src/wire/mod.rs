//! What goes over the wire: requests, responses, and Apple's JSON in bodies and queries.

mod config;
mod events;
mod lists;
mod lookup;
mod query;
mod request;
mod response;
#[cfg(test)]
mod samples;
mod shared;
mod token;

pub use request::{BODY_LIMIT, Request};
pub use response::{Delivery, Response};

pub(crate) use config::{ClientConfigReply, ClientConfigRequest, ServiceConfigReply};
pub(crate) use events::{
    AssetCount, AssetManagement, Envelope, EventReply, ManageAssetsRequest, ManageUsersRequest, RequestUser,
    StatusReply, UserAssociated, UserManagement,
};
pub(crate) use lists::{
    AssetRow, AssetsReply, AssignmentRow, AssignmentsReply, Page, UnlimitedAssetRow, UserRow, UsersReply,
};
pub(crate) use lookup::{
    Artwork, ArtworkSize, ItemId, Language, LookupItem, LookupReply, Meta, Offer, OfferVersion, Storefront,
};
pub(crate) use query::{AssetQuery, AssignmentQuery, LookupQuery, UserQuery, event_id, page_index};
pub(crate) use response::{HTML, JAVASCRIPT, JSON, TEXT};
pub(crate) use shared::{AssetName, ClaimInfo, ErrorCode, ErrorInfo, ErrorReply, EveryReply, Failure};
pub(crate) use token::{TokenFile, date};
