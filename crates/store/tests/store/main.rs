#![cfg(test)]
//! What the stores promise: the suite that every store has to pass, and what is particular to each.

#[cfg(feature = "sqlite")]
mod folder;
mod keys;
mod leasing;
mod memory;
#[cfg(feature = "postgres")]
mod postgres_damage;
#[cfg(feature = "postgres")]
mod postgres_failing;
#[cfg(feature = "postgres")]
mod postgres_naming;
#[cfg(feature = "postgres")]
mod postgres_opening;
#[cfg(feature = "postgres")]
mod postgres_pausing;
#[cfg(feature = "postgres")]
mod postgres_pipelines;
#[cfg(feature = "postgres")]
mod postgres_place;
#[cfg(feature = "postgres")]
mod postgres_seats;
#[cfg(feature = "postgres")]
mod postgres_sharing;
#[cfg(feature = "postgres")]
mod postgres_suite;
mod rows;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod seats;
#[cfg(feature = "sqlite")]
mod sqlite_damage;
#[cfg(feature = "sqlite")]
mod sqlite_opening;
#[cfg(feature = "sqlite")]
mod sqlite_seats;
#[cfg(feature = "sqlite")]
mod sqlite_secrets;
#[cfg(feature = "sqlite")]
mod sqlite_sharing;
#[cfg(feature = "sqlite")]
mod sqlite_suite;
#[cfg(feature = "sqlite")]
mod sqlite_talk_damage;
mod suite_finds;
mod suite_finds_talk;
mod talk;
mod talk_mistakes;
mod talk_twin;
mod without_key;
