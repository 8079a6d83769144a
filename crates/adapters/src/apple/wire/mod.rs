//! Apple's JSON: its spellings stand here and nowhere else in this crate.

mod asset;
mod claim;
mod client_config;
mod error;
mod lookup;
mod members;
mod page;
mod reply_facts;
mod service_config;

pub(crate) use asset::read_assets;
pub(crate) use claim::claim_body;
pub(crate) use client_config::read_client_config;
pub(crate) use error::{WireError, read_error};
pub(crate) use lookup::read_lookup;
pub(crate) use members::{Members, Unusable};
pub(crate) use page::{PageMembers, read_page_members};
pub(crate) use reply_facts::{read_location_id, read_reply_facts};
pub(crate) use service_config::{ServiceConfig, read_service_config};

#[cfg(test)]
mod never_panics;
#[cfg(test)]
mod samples;
