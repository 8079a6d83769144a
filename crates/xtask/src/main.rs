//! The one local command that CI also runs: `cargo xtask <command>`.

mod cargo;
mod ci;
mod cli;
mod committed;
mod error;
mod gates;
mod pages;
mod report;
mod source;
mod workspace;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{cli::Cli, error::TaskError, workspace::Workspace};

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nothing is left to do when stderr is closed.
            let _ = report::print_error(&format!("error: {}", error.with_causes()));
            ExitCode::FAILURE
        }
    }
}

/// Runs the command and returns whether everything passed.
fn run(cli: &Cli) -> Result<bool, TaskError> {
    let workspace = Workspace::find()?;
    let report = cli.command.run(&workspace)?;
    report.print()?;
    Ok(report.passed())
}
