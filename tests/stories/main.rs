#![cfg(test)]
//! The features of the library as stories, through the facade, over HTTP and on SQLite.

mod bad_files;
mod bad_replies;
mod claims;
mod conformance;
mod crashes;
mod dying_store;
mod examples;
mod house;
mod leaks;
mod races;
mod refusals;
mod renewals;
mod seats;
mod simulated_apple;
mod statuses;
mod tenants;
mod uploads;
