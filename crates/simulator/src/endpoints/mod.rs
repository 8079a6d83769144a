//! From a request to its answer: find the endpoint, check the token, do what the endpoint does.

mod answer;
mod assignments;
mod authentication;
mod config;
mod events;
mod lists;
mod lookup;

pub(crate) use answer::{Answer, Circumstances, Route, answer};
pub(crate) use config::test_notification;
