#![cfg(test)]
//! The features of the library, tested through the facade as an embedder uses it: over HTTP, on SQLite.

mod adoption;
mod backoff;
mod bad_replies;
mod claims;
mod conformance;
mod crashes;
mod direct_assignments;
mod drift;
mod dying_store;
mod examples;
mod fixture;
mod leaks;
mod notification_fixture;
mod notifications;
mod races;
mod refused_uploads;
mod renewals;
mod revocation;
mod seats;
mod simulated_apple;
mod statuses;
mod tenants;
mod uploads;
