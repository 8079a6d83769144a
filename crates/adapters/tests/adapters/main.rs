#![cfg(test)]
//! Apple's service and the store lookup over real HTTP, against a server that answers what it is told to.

mod addresses;
mod assets;
mod assignments;
mod at_most_once;
mod client_config;
mod harness;
mod lookup;
mod replies;
mod retries;
mod secrets;
mod server;
mod service_config;
mod stops;
mod virtual_time;
