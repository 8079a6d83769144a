//! The pure rules of `mdm-vpp`: Apple content tokens, the app catalog and license policies as state transitions.
//!
//! State and input go in, a decision comes out. Nothing here does IO, waits, reads a clock or draws a random
//! number: time, limits and facts are arguments, so every rule can be tested with a table.
//!
//! - [`token`]: the `.vpptoken` file, the settings, the status, names, renewal and claims.
//! - [`catalog`]: assets, how they come into the catalog, the Token Details page, and updates.
//! - [`seats`]: who holds a license, what is desired, what was sent to Apple about it.
//! - [`location`]: what is stored of the assignments of one location.
//! - [`policy`]: who gets an app and which license, what leaves a device, and which license goes back.
//! - [`plan`]: who gets the seats when they are scarce, in which requests, and how fast.
//! - [`installs`]: what a device should have, and which seats it needs for that.
//! - [`transaction`]: what is loaded for a decision, what a decision changes, jobs, the audit log.
//! - [`decide`]: the decisions about tokens, the catalog and assignments.
//! - [`check`]: what must hold of all this, as named findings.
//! - [`apple_error`]: Apple's error numbers and what they ask of a client.
//! - [`audience`]: who can act on an error.
//! - [`id`]: a type for each id.

#[macro_use]
mod strict;

pub mod apple_error;
pub mod audience;
pub mod catalog;
pub mod check;
pub mod decide;
pub mod id;
pub mod installs;
pub mod location;
pub mod plan;
pub mod policy;
mod printable;
pub mod seats;
#[cfg(test)]
mod shape_tests;
#[cfg(test)]
mod testing;
pub mod token;
pub mod transaction;

pub use printable::{printable_name, printable_text};
