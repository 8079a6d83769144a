#![cfg(test)]
//! Decisions about assignments, one after the other on one location: after each, the invariants hold.

mod adopt;
mod drift;
mod fixture;
mod notices;
mod pending;
mod revoke;
mod stories;
