//! Calls of cargo from a program that cargo runs.

use std::{
    env,
    ffi::OsStr,
    path::Path,
    process::{Command, Stdio},
};

use crate::error::TaskError;

pub(crate) struct Cargo<'a> {
    root: &'a Path,
}

impl<'a> Cargo<'a> {
    pub(crate) const fn new(root: &'a Path) -> Self {
        Self { root }
    }

    /// Whether a call succeeds. Its output goes through unchanged.
    pub(crate) fn succeeds(&self, arguments: &[&str]) -> Result<bool, TaskError> {
        self.succeeds_with(arguments, &[])
    }

    /// The same, with more environment.
    pub(crate) fn succeeds_with(
        &self,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Result<bool, TaskError> {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied());
        Ok(command.status().map_err(|source| not_started(arguments, source))?.success())
    }

    /// Whether a call succeeds. Its output goes nowhere.
    pub(crate) fn succeeds_silently(&self, arguments: &[&str]) -> Result<bool, TaskError> {
        let mut command = self.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Ok(command.status().map_err(|source| not_started(arguments, source))?.success())
    }

    /// What a call prints.
    pub(crate) fn read(&self, arguments: &[&str]) -> Result<String, TaskError> {
        let output = self.command(arguments).output().map_err(|source| not_started(arguments, source))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let stderr = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(TaskError::Failed { arguments: arguments.join(" "), stderr })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments).current_dir(self.root).stdin(Stdio::null());
        for (name, _) in env::vars_os().filter(|(name, _)| is_about_this_program(name)) {
            command.env_remove(name);
        }
        command
    }
}

/// `cargo run` tells a program about its package. Build scripts that watch these names would run again and again if
/// they saw them come and go.
fn is_about_this_program(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| {
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|start| name.starts_with(start))
    })
}

fn not_started(arguments: &[&str], source: std::io::Error) -> TaskError {
    TaskError::NotStarted { arguments: arguments.join(" "), source }
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
        let cargo = Cargo::new(Path::new("."));
        assert!(cargo.read(&["--version"]).unwrap().starts_with("cargo "));
        assert!(cargo.succeeds_silently(&["--version"]).unwrap());
        assert!(!cargo.succeeds_silently(&["no-such-command"]).unwrap());
        assert!(matches!(cargo.read(&["no-such-command"]), Err(TaskError::Failed { .. })));
    }
}
