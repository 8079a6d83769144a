//! The number of packages that an embedder builds, against limits. Raising a limit takes a decision record.

use crate::{
    error::TaskError,
    report::{Report, Violation},
    workspace::Workspace,
};

/// A limit: its name, the arguments that select the packages for `cargo tree`, and the largest number of them.
struct Limited {
    what: &'static str,
    selection: &'static [&'static str],
    limit: usize,
}

const LIMITS: &[Limited] = &[
    Limited { what: "the core", selection: &["--package", "mdm-vpp-core"], limit: 35 },
    Limited { what: "the facade with default features", selection: &["--package", "mdm-vpp"], limit: 60 },
    Limited {
        what: "the facade with all features",
        selection: &["--package", "mdm-vpp", "--all-features"],
        limit: 260,
    },
];

/// A number of packages beside its limit.
struct Counted {
    what: &'static str,
    count: usize,
    limit: usize,
}

/// Counts the packages that are built for this machine, the crate itself and procedural macros included.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let mut counted = Vec::new();
    for Limited { what, selection, limit } in LIMITS {
        let question = [&["tree", "--edges", "normal", "--prefix", "none", "--format", FORMAT], *selection];
        let output = workspace.cargo().read(&question.concat())?;
        counted.push(Counted { what, count: parse(&output).len(), limit: *limit });
    }
    let note =
        |counted: &Counted| format!("{}: {} of at most {}", counted.what, counted.count, counted.limit);
    Ok(Report { notes: counted.iter().map(note).collect(), violations: judge(&counted) })
}

fn judge(counted: &[Counted]) -> Vec<Violation> {
    let violation = |counted: &Counted| {
        let Counted { what, count, limit } = counted;
        if *count == 0 {
            return Some(Violation::new(
                *what,
                "no package was counted",
                "repair the question to `cargo tree`",
            ));
        }
        (count > limit).then(|| {
            Violation::new(
                *what,
                format!("{count} packages, the limit is {limit}"),
                "drop a dependency, or raise the limit with a decision record in docs/adr",
            )
        })
    };
    counted.iter().filter_map(violation).collect()
}

/// A package in the output of `cargo tree --prefix none --format "{p}|{f}"`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) features: Vec<String>,
}

/// How the output is asked for.
pub(crate) const FORMAT: &str = "{p}|{f}";

/// Reads the packages of an output, sorted, each version once.
pub(crate) fn parse(output: &str) -> Vec<Listed> {
    let mut listed: Vec<_> = output.lines().filter_map(parse_line).collect();
    listed.sort();
    listed.dedup_by(|one, other| one.name == other.name && one.version == other.version);
    listed
}

/// A line is `name v1.2.3 (where it comes from)|feature,feature (*)`.
fn parse_line(line: &str) -> Option<Listed> {
    let (package, features) = line.split_once('|').unwrap_or((line, ""));
    let mut words = package.split_whitespace();
    let name = words.next()?.to_owned();
    let version = words.next()?.strip_prefix('v')?.to_owned();
    let features = features.trim_end_matches(" (*)").split(',').map(str::trim);
    let features = features.filter(|feature| !feature.is_empty()).map(str::to_owned).collect();
    Some(Listed { name, version, features })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(count: usize) -> Vec<Violation> {
        judge(&[Counted { what: "the core", count, limit: 35 }])
    }

    #[test]
    fn a_tree_within_its_limit_passes() {
        assert!(judged(35).is_empty());
    }

    #[test]
    fn a_tree_that_grew_is_red_and_the_limit_is_named() {
        let violations = judged(36);
        assert_eq!(violations.len(), 1);
        assert!(violations[0].what.contains("36") && violations[0].what.contains("35"), "{}", violations[0]);
    }

    #[test]
    fn a_count_of_nothing_is_red() {
        assert_eq!(judged(0).len(), 1);
    }

    #[test]
    fn packages_are_read_once_each_with_their_features() {
        let output = "mdm-vpp-core v0.1.0 (/somewhere/core)|\n\
                      serde v1.0.0|default,derive\n\
                      serde_derive v1.0.0 (proc-macro)|default\n\
                      serde v1.0.0|default,derive (*)\n\
                      \n\
                      [dev-dependencies]\n";
        let listed = parse(output);
        let names: Vec<_> = listed.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["mdm-vpp-core", "serde", "serde_derive"]);
        assert_eq!(listed[1].features, ["default", "derive"]);
        assert_eq!(listed[1].version, "1.0.0");
    }
}
