#![cfg(test)]
//! What the stores promise: the suite that every store must pass, and what is particular to each.

mod fixture;
mod leases;
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
mod postgres_sharing;
mod preconditions;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod room;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod seats;
#[cfg(feature = "sqlite")]
mod sqlite_damage;
#[cfg(feature = "sqlite")]
mod sqlite_opening;
#[cfg(feature = "sqlite")]
mod sqlite_secrets;
#[cfg(feature = "sqlite")]
mod sqlite_sharing;
mod suite_finds;
mod suite_finds_locations;
mod suites;
