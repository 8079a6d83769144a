#![cfg(test)]
//! What the stores promise: the suite that every store has to pass, and what is particular to each.

#[cfg(feature = "sqlite")]
mod folder;
mod keys;
mod memory;
mod rows;
#[cfg(feature = "sqlite")]
mod sqlite_damage;
#[cfg(feature = "sqlite")]
mod sqlite_opening;
#[cfg(feature = "sqlite")]
mod sqlite_secrets;
#[cfg(feature = "sqlite")]
mod sqlite_sharing;
#[cfg(feature = "sqlite")]
mod sqlite_suite;
mod suite_finds;
mod without_key;
