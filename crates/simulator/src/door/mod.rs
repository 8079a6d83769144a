//! How a request becomes an answer: find the endpoint, check the token, do what the endpoint does.

mod answer;
mod asset_filter;
mod assets;
mod authentication;
mod claim_rules;
mod client_config;
mod lookup;
mod lookup_item;
mod route;
mod service_config;

pub(crate) use answer::{Answer, answer};
pub(crate) use authentication::{Identity, identity, sent_token};
pub(crate) use route::route;
