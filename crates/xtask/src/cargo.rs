//! Calls of cargo and rustup from a program that cargo runs.

use std::{
    env,
    ffi::OsStr,
    path::Path,
    process::{Command, Stdio},
};

use crate::error::TaskError;

/// A program of the toolchain, called in the root of the workspace.
pub(crate) struct Cargo<'a> {
    root: &'a Path,
    program: Program,
}

/// Which program is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    /// The cargo that runs this program.
    Cargo,
    /// The cargo of the nightly toolchain, by way of rustup.
    Nightly,
    Rustup,
}

impl<'a> Cargo<'a> {
    pub(crate) const fn new(root: &'a Path, program: Program) -> Self {
        Self { root, program }
    }

    /// Calls the program and returns whether it succeeded. Its output goes through unchanged.
    pub(crate) fn succeeds(&self, arguments: &[&str]) -> Result<bool, TaskError> {
        self.succeeds_with(arguments, &[])
    }

    /// Does the same with additional environment variables.
    pub(crate) fn succeeds_with(
        &self,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Result<bool, TaskError> {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied());
        Ok(command.status().map_err(|source| self.not_started(arguments, source))?.success())
    }

    /// Calls the program without showing its output and returns whether it succeeded.
    pub(crate) fn succeeds_silently(&self, arguments: &[&str]) -> Result<bool, TaskError> {
        let mut command = self.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Ok(command.status().map_err(|source| self.not_started(arguments, source))?.success())
    }

    /// Calls the program and returns what it prints on stdout.
    pub(crate) fn read(&self, arguments: &[&str]) -> Result<String, TaskError> {
        let output =
            self.command(arguments).output().map_err(|source| self.not_started(arguments, source))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let stderr = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(TaskError::Failed { call: self.in_words(arguments), stderr })
    }

    fn not_started(&self, arguments: &[&str], source: std::io::Error) -> TaskError {
        TaskError::NotStarted { call: self.in_words(arguments), source }
    }

    fn in_words(&self, arguments: &[&str]) -> String {
        let program = match self.program {
            Program::Cargo => "cargo",
            Program::Nightly => "cargo +nightly",
            Program::Rustup => "rustup",
        };
        format!("{program} {}", arguments.join(" "))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = match self.program {
            Program::Cargo => Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into())),
            Program::Nightly | Program::Rustup => Command::new("rustup"),
        };
        if self.program == Program::Nightly {
            command.args(["run", "nightly", "cargo"]);
        }
        command.args(arguments).current_dir(self.root).stdin(Stdio::null());
        for (name, _) in env::vars_os().filter(|(name, _)| is_about_this_program(name)) {
            command.env_remove(name);
        }
        command
    }
}

/// Returns whether a variable is one that `cargo run` sets about the package it runs. Build scripts watch such
/// variables, and would run again on each change between a call from here and one from a shell.
fn is_about_this_program(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| {
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|start| name.starts_with(start))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_does_not_see_the_package_that_cargo_runs() {
        assert!(is_about_this_program(OsStr::new("CARGO_PKG_NAME")));
        assert!(!is_about_this_program(OsStr::new("CARGO_HOME")));
        assert!(!is_about_this_program(OsStr::new("CARGO_TARGET_DIR")));
    }

    #[test]
    fn a_call_that_fails_is_told_from_one_that_succeeds() {
        let cargo = Cargo::new(Path::new("."), Program::Cargo);
        assert!(cargo.read(&["--version"]).unwrap().starts_with("cargo "));
        assert!(cargo.succeeds_silently(&["--version"]).unwrap());
        assert!(!cargo.succeeds_silently(&["no-such-command"]).unwrap());
        assert!(matches!(cargo.read(&["no-such-command"]), Err(TaskError::Failed { .. })));
    }

    #[test]
    fn a_call_that_failed_is_named_with_its_toolchain() {
        let named = |program| Cargo::new(Path::new("."), program).in_words(&["--version"]);
        assert_eq!(named(Program::Cargo), "cargo --version");
        assert_eq!(named(Program::Nightly), "cargo +nightly --version");
        assert_eq!(named(Program::Rustup), "rustup --version");
    }
}
