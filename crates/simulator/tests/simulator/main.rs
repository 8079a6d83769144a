#![cfg(test)]
//! Stories of the simulated service: in-process, over HTTP and as a program.

mod assets;
mod assigning;
mod assignment_pages;
mod broken_requests;
mod claiming;
mod coverage;
mod delivery;
mod demonstration;
mod events;
mod faults_in_process;
mod faults_over_http;
mod fixture;
mod http_face;
mod lookup;
mod notifications;
mod paging;
mod portal;
mod program;
mod rates;
mod request_log;
mod service_config;
mod tester_door;
mod token_conditions;
mod users;
