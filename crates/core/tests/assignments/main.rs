#![cfg(test)]
//! Decisions about assignments, one after the other on one location: after each, the invariants hold.

mod adopt_and_revoke;
mod course;
mod drift;
mod fixture;
mod notifications;
