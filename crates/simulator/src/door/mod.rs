//! How a request becomes an answer: find the endpoint, check the token, do what the endpoint does.

mod answer;
mod asset_filter;
mod assets;
mod assignments;
mod authentication;
mod body;
mod claim_rules;
mod client_config;
mod events;
mod lookup;
mod lookup_item;
mod manage_rules;
mod page;
mod rate;
mod route;
mod service_config;
mod status;
mod user_rules;
mod users;

pub(crate) use answer::{Answer, Circumstances, answer};
pub(crate) use authentication::{Identity, identity, sent_token};
pub(crate) use client_config::test_notification;
pub(crate) use route::{Route, route};
pub(crate) use users::shown;
