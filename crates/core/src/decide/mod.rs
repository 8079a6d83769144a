//! Decisions: each is the pure part of one transaction, from rows and input to a
//! [`Decision`](crate::transaction::Decision).

pub mod assignments;
pub mod catalog;
#[cfg(test)]
mod testing;
pub mod token;
