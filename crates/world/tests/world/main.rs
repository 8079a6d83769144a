#![cfg(test)]
//! Worlds of many seeds, and real worker processes on real databases.

mod frozen;
mod killed_fixture;
mod killed_worker;
mod shared_database;
mod two_workers;
mod worlds;
