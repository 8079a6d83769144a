//! Uploads a `.vpptoken` file: it becomes an active token with its apps in the catalog.
//!
//! `cargo run --example upload_token` needs nothing else: it simulates Apple's service on a loopback port, and uploads
//! the token of a demonstration location into a SQLite file. With `--token-file` and `--apple-url` it uploads a token
//! of your own. `--help` explains the options.

mod arguments;
mod failure;
mod job;
mod report;
mod steps;

use std::process::ExitCode;

use arguments::Arguments;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match job::run(&arguments).await {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}
