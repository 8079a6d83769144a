#![cfg(test)]
//! What the stores promise: the suite that every store has to pass, and what is particular to each.

#[cfg(feature = "sqlite")]
mod folder;
mod keys;
mod memory;
#[cfg(feature = "sqlite")]
mod sqlite_suite;
