//! Apple's JSON: its spellings stand here and nowhere else in this crate.

mod asset;
mod assignments;
mod error;
mod lookup;
mod members;
mod notification;
mod replies;
mod requests;
mod service_config;

pub(crate) use asset::{pricing_param_name, read_assets, read_pricing_param};
pub(crate) use assignments::{AssignmentsReply, read_assignment};
pub(crate) use error::{WireError, read_error, read_part_error};
pub(crate) use lookup::read_lookup;
pub(crate) use members::{Members, Unusable};
pub(crate) use notification::read_notification;
pub(crate) use replies::{
    ECHOED_SECRET, PageMembers, Paged, answer_accepted, answer_assignments, answer_client_config,
    answer_event, answer_users, read_client_config, read_event_id, read_location_id, read_page_members,
    read_reply_facts, read_users,
};
pub(crate) use requests::{
    assignments_query, claim_body, manage_assets_body, manage_users_body, revoke_body, subscription_body,
    users_query,
};
pub(crate) use service_config::{Endpoint, ServiceConfig, TextLengths, read_service_config};

#[cfg(test)]
mod never_panics;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod samples_of_events;
#[cfg(test)]
mod samples_of_lists;
