#![cfg(test)]
//! The features of the library as stories, through the facade, over HTTP and on SQLite.

mod adopting;
mod bad_files;
mod bad_replies;
mod claims;
mod conformance;
mod crashes;
mod direct_wishes;
mod drifting;
mod dying_store;
mod examples;
mod house;
mod leaks;
mod listening;
mod notifying;
mod quiet;
mod races;
mod receiver;
mod refusals;
mod renewals;
mod revoking;
mod seats;
mod simulated_apple;
mod statuses;
mod tenants;
mod uploads;
