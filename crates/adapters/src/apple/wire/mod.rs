//! Apple's JSON: its spellings stand here and nowhere else in this crate.

mod answer;
mod asset;
mod assignment;
mod assignment_list;
mod claim;
mod client_config;
mod error;
mod event;
mod form;
mod lookup;
mod manage;
mod members;
mod notification;
mod page;
mod pricing_param;
mod query;
mod reply_facts;
mod service_config;
mod user;

pub(crate) use answer::{
    Paged, answer_accepted, answer_assignments, answer_client_config, answer_event, answer_users,
};
pub(crate) use asset::read_assets;
pub(crate) use assignment::read_assignment;
pub(crate) use assignment_list::{AssignmentList, AssignmentsReply};
pub(crate) use claim::claim_body;
pub(crate) use client_config::{ECHOED_SECRET, read_client_config};
pub(crate) use error::{WireError, read_error, read_told_error};
pub(crate) use event::{read_accepted, read_event_id, read_event_status};
pub(crate) use lookup::read_lookup;
pub(crate) use manage::{manage_assets_body, manage_users_body, revoke_body, subscription_body};
pub(crate) use members::{Members, Unusable};
pub(crate) use notification::read_notification;
pub(crate) use page::{PageMembers, read_page_facts, read_page_members};
pub(crate) use pricing_param::{pricing_param_name, read_pricing_param};
pub(crate) use query::{assignments_query, users_query};
pub(crate) use reply_facts::{read_location_id, read_reply_facts};
pub(crate) use service_config::{ServiceConfig, TextLengths, read_service_config};
pub(crate) use user::read_users;

#[cfg(test)]
mod never_panics;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod samples_of_events;
#[cfg(test)]
mod samples_of_lists;
