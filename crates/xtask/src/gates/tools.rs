//! The tools of others that CI runs: which, how they are installed, and the gates that are nothing but a call of one.

use crate::{
    error::TaskError,
    report::{self, Report, Violation},
    workspace::Workspace,
};

/// A subcommand of cargo that is a package of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool {
    /// As cargo is asked for it.
    pub(crate) command: &'static str,
    package: &'static str,
    /// The version that is installed where none is.
    version: &'static str,
}

pub(crate) const DENY: Tool = Tool { command: "deny", package: "cargo-deny", version: "0.20.2" };
pub(crate) const HACK: Tool = Tool { command: "hack", package: "cargo-hack", version: "0.6.46" };
/// Its output depends on the nightly too: both read one version of rustdoc's JSON.
pub(crate) const PUBLIC_API: Tool =
    Tool { command: "public-api", package: "cargo-public-api", version: "0.52.0" };

const TOOLS: [Tool; 3] = [DENY, HACK, PUBLIC_API];

impl Tool {
    fn is_installed(self, workspace: &Workspace) -> Result<bool, TaskError> {
        workspace.cargo().succeeds_silently(&[self.command, "--version"])
    }

    /// The violation that the tool is missing, if it is.
    pub(crate) fn missing(self, workspace: &Workspace) -> Result<Option<Violation>, TaskError> {
        Ok((!self.is_installed(workspace)?).then(|| self.told_missing()))
    }

    fn told_missing(self) -> Violation {
        Violation::new(self.package, "is not installed", "run `cargo xtask tools`")
    }
}

/// Installs the tools that are missing, and a nightly toolchain. About seven minutes on two cores where all are.
pub(crate) fn install(workspace: &Workspace) -> Result<Report, TaskError> {
    let mut report = Report::default();
    for tool in TOOLS {
        if !tool.is_installed(workspace)? {
            report::print_error(&format!("installing {} {}", tool.package, tool.version))?;
            workspace.cargo().succeeds(&["install", "--locked", tool.package, "--version", tool.version])?;
        }
        match tool.missing(workspace)? {
            Some(violation) => report.violations.push(violation),
            None => report.notes.push(format!("{} is installed", tool.package)),
        }
    }
    let nightly = workspace.nightly();
    if !nightly.succeeds_silently(&["--version"]).unwrap_or(false) {
        report::print_error("installing the nightly toolchain")?;
        workspace.rustup().succeeds(&["toolchain", "install", "nightly", "--profile", "minimal"])?;
    }
    match nightly.succeeds_silently(&["--version"]) {
        Ok(true) => report.notes.push("the nightly toolchain is installed".into()),
        _ => report.violations.push(no_nightly()),
    }
    Ok(report)
}

/// The violation that there is no nightly toolchain.
pub(crate) fn no_nightly() -> Violation {
    Violation::new("nightly", "is not installed", "run `rustup toolchain install nightly --profile minimal`")
}

/// Licenses, banned packages and sources, by `deny.toml`.
pub(crate) fn deny(workspace: &Workspace) -> Result<Report, TaskError> {
    // Not `advisories`: their database is a repository that this machine may not reach. `deny.toml` says more.
    call(workspace, DENY, &["--all-features", "check", "licenses", "bans", "sources"], &[])
}

/// Each published crate by itself, with each combination of two features: in a workspace build features unify, and a
/// crate could compile only because a neighbour switches a feature on.
pub(crate) fn hack(workspace: &Workspace) -> Result<Report, TaskError> {
    let all = ["check", "--quiet", "--workspace", "--feature-powerset", "--depth", "2"];
    // `full` is all features at once, which clippy builds.
    let features = ["--exclude-features", "default,full", "--exclude-all-features"];
    let exclude = workspace.exclude_unpublished()?;
    let exclude: Vec<_> = exclude.iter().map(String::as_str).collect();
    // Each combination would keep gigabytes of incremental state that no later build uses.
    let environment = [("CARGO_INCREMENTAL", "0")];
    call(workspace, HACK, &[&all[..], &features, &exclude].concat(), &environment)
}

/// Calls a tool, whose output goes through unchanged.
fn call(
    workspace: &Workspace,
    tool: Tool,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<Report, TaskError> {
    if let Some(missing) = tool.missing(workspace)? {
        return Ok(Report { notes: Vec::new(), violations: vec![missing] });
    }
    let arguments = [&[tool.command], arguments].concat();
    let passed = workspace.cargo().succeeds_with(&arguments, environment)?;
    Ok(Report { notes: Vec::new(), violations: judge(&arguments, passed) })
}

/// The violation of a call of cargo that failed.
pub(crate) fn judge(arguments: &[&str], passed: bool) -> Vec<Violation> {
    let place = format!("cargo {}", arguments.join(" "));
    if passed { Vec::new() } else { vec![Violation::new(place, "failed", "its output above says why")] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_failed_is_red_and_named() {
        assert_eq!(judge(&["deny", "check"], true), []);
        let violations = judge(&["deny", "check"], false);
        assert!(violations[0].to_string().starts_with("cargo deny check: failed"), "{}", violations[0]);
    }

    #[test]
    fn a_tool_that_is_missing_is_red_with_the_command_that_installs_it() {
        let workspace = Workspace::find().unwrap();
        let tool = Tool { command: "no-such-command", package: "cargo-no-such-command", version: "0.0.0" };
        let report = call(&workspace, tool, &["check"], &[]).unwrap();
        assert_eq!(report.violations, [tool.told_missing()]);
        assert!(report.violations[0].to_string().contains("cargo xtask tools"));
    }
}
