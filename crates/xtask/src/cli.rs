//! The commands and what each does.

use clap::{Parser, Subcommand};

use crate::{
    ci,
    error::TaskError,
    gates::{api, deps, layers, minimal, msrv, rooms, shape, test_run, tools, tree, words},
    pages,
    report::Report,
    workspace::Workspace,
};

/// Tests, checks and generated pages of this workspace. A check that fails prints a line for each violation (where,
/// what and what to do) and exits with 1.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(crate) enum Command {
    /// Run all tests with all features, then the doctests. Uses cargo-nextest if it is installed. Needs PostgreSQL,
    /// which the command installs when root runs it on Debian.
    Test,
    /// Check which of our crates name which, and that the core pulls in no async runtime, HTTP, SQL or clock.
    Deps,
    /// Check that each published crate compiles by itself, with each combination of two features.
    Hack,
    /// Check that the published crates compile with the oldest versions of dependencies that they allow.
    Minimal,
    /// Compare the public API of each published crate with its list under `docs/api`.
    Api {
        /// Write the lists instead.
        #[arg(long)]
        write: bool,
    },
    /// Count the packages that the core and the facade bring along, against their limits.
    Tree,
    /// Check that each folder of a crate imports from folders below it only.
    Layers,
    /// Check licenses, banned packages and sources of what we build on, by `deny.toml`.
    Deny,
    /// Check that no dependency asks for a newer Rust than we promise.
    Msrv,
    /// Check the source files: length, caption, names, and nothing unfinished or ignored.
    Rooms,
    /// Print the figures of the source files: sizes, imports, spread types, comments.
    Shape {
        /// Fail when a figure misses its limit.
        #[arg(long)]
        check: bool,
    },
    /// Refuse the words that the glossary replaced, in code, data and prose.
    Words,
    /// Write the pages under `docs/` that are generated from the code.
    Docs {
        /// Write nothing; fail when a committed page differs.
        #[arg(long)]
        check: bool,
    },
    /// Install the tools that CI runs and that are missing.
    Tools,
    /// Run everything that a change has to pass, in the order of CI, up to the first failure.
    Ci,
}

impl Command {
    pub(crate) fn run(self, workspace: &Workspace) -> Result<Report, TaskError> {
        match self {
            Self::Test => test_run::run(workspace),
            Self::Deps => deps::run(workspace),
            Self::Hack => tools::hack(workspace),
            Self::Minimal => minimal::run(workspace),
            Self::Api { write: true } => api::write(workspace),
            Self::Api { write: false } => api::check(workspace),
            Self::Tree => tree::run(workspace),
            Self::Layers => layers::run(workspace),
            Self::Deny => tools::deny(workspace),
            Self::Msrv => msrv::run(workspace),
            Self::Rooms => rooms::run(workspace),
            Self::Shape { check: true } => shape::check(workspace),
            Self::Shape { check: false } => shape::show(workspace),
            Self::Words => words::run(workspace),
            Self::Docs { check: true } => pages::check(workspace),
            Self::Docs { check: false } => pages::write(workspace),
            Self::Tools => tools::install(workspace),
            Self::Ci => ci::run(workspace),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_sound_and_every_command_is_explained() {
        let mut command = Cli::command();
        command.build();
        command.clone().debug_assert();
        for subcommand in command.get_subcommands() {
            assert!(subcommand.get_about().is_some(), "{}", subcommand.get_name());
        }
    }
}
