//! Decisions: each is the pure part of one transaction, from rows and input to a
//! [`Decision`](crate::transaction::Decision).

pub mod assignments;
pub mod catalog;
pub mod token;
