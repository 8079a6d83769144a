//! The steps that a change has to pass.

use std::time::Instant;

use crate::{
    error::TaskError,
    gates::{api, deps, layers, minimal, msrv, rooms, shape, test_run, tools, tree, words},
    pages,
    report::{self, Report, Violation},
    workspace::Workspace,
};

/// A step: its name, and what it does.
struct Step<W> {
    name: &'static str,
    run: fn(&W) -> Result<Report, TaskError>,
}

/// Quick steps come first, and a step that compiles comes before those that use what it compiled.
const STEPS: &[Step<Workspace>] = &[
    Step { name: "fmt", run: |workspace| cargo(workspace, &["fmt", "--all", "--check"], &[]) },
    Step { name: "rooms", run: rooms::run },
    Step { name: "layers", run: layers::run },
    Step { name: "words", run: words::run },
    Step { name: "deps", run: deps::run },
    Step { name: "tree", run: tree::run },
    Step { name: "deny", run: tools::deny },
    Step { name: "msrv", run: msrv::run },
    Step { name: "docs --check", run: pages::check },
    Step {
        name: "clippy",
        run: |workspace| {
            let what =
                ["clippy", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"];
            cargo(workspace, &what, &[])
        },
    },
    Step { name: "hack", run: tools::hack },
    Step { name: "test", run: test_run::run },
    Step {
        name: "doc",
        run: |workspace| {
            let what = ["doc", "--workspace", "--no-deps", "--all-features"];
            cargo(workspace, &what, &[("RUSTDOCFLAGS", "-D warnings")])
        },
    },
    Step { name: "api", run: api::check },
    Step { name: "minimal", run: minimal::run },
];

/// Steps that the workspace does not pass yet. Move a line up when it does. The report names what stands here.
const NOT_YET: &[Step<Workspace>] = &[Step { name: "shape --check", run: shape::check }];

const NOT_CHECKED: &str = "advisories were not checked: their database is not reachable from here";

/// Runs the steps up to the first that fails.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let later: Vec<_> = NOT_YET.iter().map(|step| step.name).collect();
    run_steps(STEPS, &later, workspace, report::print)
}

fn run_steps<W>(
    steps: &[Step<W>],
    later: &[&str],
    on: &W,
    mut tell: impl FnMut(&str) -> Result<(), TaskError>,
) -> Result<Report, TaskError> {
    let mut passed = Vec::new();
    for Step { name, run } in steps {
        tell(&format!("==> {name}"))?;
        let start = Instant::now();
        let outcome = run(on);
        let seconds = start.elapsed().as_secs_f32();
        let mut report = match outcome {
            Ok(report) => report,
            Err(error) => Report {
                notes: Vec::new(),
                violations: vec![Violation::new(*name, error.to_string(), "this step could not do its work")],
            },
        };
        if !report.passed() {
            let before = if passed.is_empty() { "nothing".into() } else { passed.join(", ") };
            report.notes.push(format!("==> {name} failed after {seconds:.1} s; passed before it: {before}"));
            return Ok(report);
        }
        for note in report.notes {
            tell(&note)?;
        }
        tell(&format!("==> {name} passed in {seconds:.1} s"))?;
        passed.push(*name);
    }
    let mut report = Report::new(format!("passed: {}; {NOT_CHECKED}", passed.join(", ")), Vec::new());
    if !later.is_empty() {
        report.notes.push(format!("NOT RUN: {} (see `NOT_YET` in crates/xtask/src/ci.rs)", later.join(", ")));
    }
    Ok(report)
}

fn cargo(
    workspace: &Workspace,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Result<Report, TaskError> {
    let passed = workspace.cargo().succeeds_with(arguments, environment)?;
    Ok(Report { notes: Vec::new(), violations: tools::judge(arguments, passed) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(_: &()) -> Result<Report, TaskError> {
        Ok(Report::new("looked", Vec::new()))
    }

    fn fails(_: &()) -> Result<Report, TaskError> {
        Ok(Report { notes: Vec::new(), violations: tools::judge(&["fmt"], false) })
    }

    fn cannot(_: &()) -> Result<Report, TaskError> {
        Err(TaskError::NoWorkspace)
    }

    fn told(steps: &[Step<()>]) -> (Report, String) {
        let mut told = String::new();
        let report = run_steps(steps, &["three"], &(), |line| {
            told.push_str(line);
            told.push('\n');
            Ok(())
        });
        (report.unwrap(), told)
    }

    #[test]
    fn steps_that_pass_are_listed_and_what_was_not_checked_is_said() {
        let (report, told) = told(&[Step { name: "one", run: passes }, Step { name: "two", run: passes }]);
        assert!(report.passed());
        assert!(report.notes[0].starts_with("passed: one, two; advisories were not checked"), "{report:?}");
        assert!(report.notes[1].starts_with("NOT RUN: three"), "{report:?}");
        assert!(told.contains("==> one\nlooked\n==> one passed in 0.0 s\n==> two\n"), "{told}");
    }

    #[test]
    fn the_first_step_that_fails_or_cannot_work_ends_the_run_and_is_named() {
        for run in [fails, cannot] {
            let steps = [
                Step { name: "one", run: passes },
                Step { name: "two", run },
                Step { name: "three", run: passes },
            ];
            let (report, told) = told(&steps);
            assert_eq!(report.violations.len(), 1);
            assert!(report.notes[0].starts_with("==> two failed after"), "{report:?}");
            assert!(report.notes[0].ends_with("passed before it: one"), "{report:?}");
            assert!(!told.contains("three"), "{told}");
        }
    }

    #[test]
    fn every_step_has_a_name_of_its_own_and_none_is_lost() {
        let mut names: Vec<_> = STEPS.iter().chain(NOT_YET).map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 16);
    }
}
