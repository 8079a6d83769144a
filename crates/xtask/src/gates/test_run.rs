//! Runs all tests with all features, then the doctests, and installs the PostgreSQL server that they need.

use std::{fs, process::Command};

use postgres_for_tests::Programs;

use super::tools;
use crate::{
    error::TaskError,
    report::{self, Report, Violation},
    workspace::Workspace,
};

const NEXTEST: &[&str] = &["nextest", "run", "--workspace", "--all-features"];
const WITHOUT_NEXTEST: &[&str] = &["test", "--workspace", "--all-features", "--lib", "--bins", "--tests"];
const DOCTESTS: &[&str] = &["test", "--workspace", "--all-features", "--doc"];

/// Runs the tests, with a PostgreSQL server for those that need one. The output of the runner goes through unchanged.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let missing = provide()?;
    if !missing.is_empty() {
        return Ok(Report { notes: Vec::new(), violations: missing });
    }
    let cargo = workspace.cargo();
    let has_nextest = cargo.succeeds_silently(&["nextest", "--version"])?;
    if !has_nextest {
        report::print_error("cargo-nextest is not installed: `cargo test` runs the tests instead")?;
    }
    let mut outcomes = Vec::new();
    for arguments in plan(has_nextest) {
        outcomes.push((arguments, cargo.succeeds(arguments)?));
    }
    Ok(Report { notes: Vec::new(), violations: judge(&outcomes) })
}

fn plan(has_nextest: bool) -> [&'static [&'static str]; 2] {
    [if has_nextest { NEXTEST } else { WITHOUT_NEXTEST }, DOCTESTS]
}

fn judge(outcomes: &[(&[&str], bool)]) -> Vec<Violation> {
    outcomes.iter().flat_map(|(arguments, passed)| tools::judge(arguments, *passed)).collect()
}

const PACKAGE: &str = "postgresql";

/// What to do about the programs of PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// They are installed.
    Ready,
    /// Install them.
    Install,
    /// Say what is missing.
    Tell,
}

/// Provides the programs of PostgreSQL. No test is skipped because they are missing.
fn provide() -> Result<Vec<Violation>, TaskError> {
    let is_debian = || fs::exists("/etc/debian_version").unwrap_or_default();
    match way(Programs::find().is_ok(), is_debian, is_root) {
        Way::Ready => Ok(Vec::new()),
        Way::Tell => Ok(missing()),
        Way::Install => {
            report::print_error(
                "PostgreSQL is not installed: installing Debian's package `postgresql` for the tests",
            )?;
            let _ = runs(&["update"]);
            let installed = runs(&["install", "--yes", "--no-install-recommends", PACKAGE]);
            Ok(if installed && Programs::find().is_ok() { Vec::new() } else { missing() })
        }
    }
}

fn way(found: bool, is_debian: impl Fn() -> bool, is_root: impl Fn() -> bool) -> Way {
    if found {
        Way::Ready
    } else if is_debian() && is_root() {
        Way::Install
    } else {
        Way::Tell
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == "0")
}

/// Calls Debian's installer, which asks no questions, and returns whether it succeeded.
fn runs(arguments: &[&str]) -> bool {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command.status().is_ok_and(|status| status.success())
}

fn missing() -> Vec<Violation> {
    vec![Violation::new(
        "tests",
        "need a PostgreSQL server, and `initdb` and `postgres` are neither in the PATH nor where Debian puts them",
        "install PostgreSQL (on Debian the package `postgresql`; as root there, this command does)",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_runs_the_tests_where_it_is_installed_and_the_doctests_follow() {
        assert_eq!(plan(true), [NEXTEST, DOCTESTS]);
        assert_eq!(plan(false), [WITHOUT_NEXTEST, DOCTESTS]);
    }

    #[test]
    fn a_failed_run_is_red_and_named() {
        let violations = judge(&[(NEXTEST, false), (DOCTESTS, true)]);
        assert_eq!(violations.len(), 1);
        assert!(violations[0].to_string().starts_with("cargo nextest run"), "{}", violations[0]);
        assert!(judge(&[(NEXTEST, true), (DOCTESTS, true)]).is_empty());
    }

    #[test]
    fn root_on_debian_installs_what_is_missing_and_other_users_are_told() {
        let (yes, no) = (|| true, || false);
        assert_eq!(way(true, yes, yes), Way::Ready);
        assert_eq!(way(false, yes, yes), Way::Install);
        assert_eq!(way(false, yes, no), Way::Tell);
        assert_eq!(way(false, no, yes), Way::Tell);
    }

    #[test]
    fn the_violation_names_the_package_to_install() {
        let told = missing().iter().map(ToString::to_string).collect::<String>();
        assert!(told.contains("`postgresql`"), "{told}");
    }
}
