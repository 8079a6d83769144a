#![cfg(test)]
//! The features of the library as stories, through the facade, over HTTP and on SQLite.

mod bad_files;
mod bad_replies;
mod claims;
mod conformance;
mod crashes;
mod examples;
mod house;
mod leaks;
mod listening;
mod notifying;
mod races;
mod receiver;
mod refusals;
mod renewals;
mod statuses;
mod tenants;
mod uploads;
