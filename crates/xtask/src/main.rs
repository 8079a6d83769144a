//! The one local command that CI also runs: `cargo xtask <command>`.

mod cargo;
mod ci;
mod cli;
mod gates;
mod pages;
mod report;
mod say;
mod trouble;
mod workspace;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{cli::Cli, trouble::Trouble, workspace::Workspace};

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            // Nobody is left to tell when the error stream is closed.
            let _ = say::to_stderr(&format!("error: {trouble}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether everything passed.
fn run(cli: &Cli) -> Result<bool, Trouble> {
    let workspace = Workspace::find()?;
    let report = cli.command.run(&workspace)?;
    say::report(&report)?;
    Ok(report.passed())
}
