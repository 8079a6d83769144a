#![cfg(test)]
//! Tests of the simulated service: in-process, over HTTP and as a program.

mod assets;
mod assigning;
mod assignment_pages;
mod broken_requests;
mod claiming;
mod delivery;
mod events;
mod faults_in_process;
mod faults_over_http;
mod fixture;
mod http_server;
mod lookup;
mod notifications;
mod portal;
mod program;
mod rates;
mod request_log;
mod self_description;
mod tester_server;
mod token_conditions;
mod users;
