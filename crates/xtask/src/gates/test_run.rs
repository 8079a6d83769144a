//! The tests: all of them with all features, then the doctests.

use super::server;
use crate::{
    error::TaskError,
    report::{Report, Violation},
    say,
    workspace::Workspace,
};

const NEXTEST: &[&str] = &["nextest", "run", "--workspace", "--all-features"];
const WITHOUT_NEXTEST: &[&str] = &["test", "--workspace", "--all-features", "--lib", "--bins", "--tests"];
const DOCTESTS: &[&str] = &["test", "--workspace", "--all-features", "--doc"];

/// Runs the tests, with a PostgreSQL server for those that need one. The output of the runner goes through unchanged.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let missing = server::provide()?;
    if !missing.is_empty() {
        return Ok(Report { notes: Vec::new(), violations: missing });
    }
    let cargo = workspace.cargo();
    let has_nextest = cargo.succeeds_silently(&["nextest", "--version"])?;
    if !has_nextest {
        say::to_stderr("cargo-nextest is not installed: `cargo test` runs the tests instead")?;
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
    let failed = outcomes.iter().filter(|(_, passed)| !passed);
    failed
        .map(|(arguments, _)| {
            Violation::new(format!("cargo {}", arguments.join(" ")), "failed", "its output above says why")
        })
        .collect()
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
}
