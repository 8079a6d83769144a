//! The licenses of the packages of others.

use spdx::{Expression, Licensee, ParseMode};

use crate::{
    error::TaskError,
    report::{Report, Violation},
    workspace::Workspace,
};

const ACCEPTED: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "CC0-1.0",
    "Unicode-3.0",
    "Unlicense",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
];

/// As strict as the standard, but older packages write `/` for `OR`.
const MODE: ParseMode = ParseMode { allow_slash_as_or_operator: true, ..ParseMode::STRICT };

/// A package of others.
struct Licensed {
    name: String,
    license: Option<String>,
}

/// Checks the license of every package that a build of this workspace can need, on any platform.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, TaskError> {
    let metadata = workspace.graph()?;
    let of_others = metadata.packages.iter().filter(|package| package.source.is_some());
    let packages: Vec<_> = of_others
        .map(|package| Licensed {
            name: format!("{} {}", package.name, package.version),
            license: package.license.clone(),
        })
        .collect();
    let note = format!("{} packages of others, {} licenses accepted", packages.len(), ACCEPTED.len());
    Ok(Report::new(note, check(&packages)))
}

fn check(packages: &[Licensed]) -> Vec<Violation> {
    let accepted: Vec<_> = ACCEPTED.iter().filter_map(|name| Licensee::parse(name).ok()).collect();
    if packages.is_empty() || accepted.len() != ACCEPTED.len() {
        return vec![Violation::new("licenses", "nothing could be compared", "repair this check")];
    }
    packages.iter().filter_map(|package| check_package(package, &accepted)).collect()
}

fn check_package(package: &Licensed, accepted: &[Licensee]) -> Option<Violation> {
    let Some(license) = &package.license else {
        return Some(Violation::new(
            &package.name,
            "names no license",
            "replace the package, nobody said that it may be used",
        ));
    };
    match Expression::parse_mode(license, MODE) {
        Err(error) => Some(Violation::new(
            &package.name,
            format!("its license `{license}` is no license expression ({})", error.reason),
            "replace the package, or ask its authors",
        )),
        Ok(expression) => {
            let satisfied =
                expression.evaluate(|wanted| accepted.iter().any(|licensee| licensee.satisfies(wanted)));
            (!satisfied).then(|| {
                Violation::new(
                    &package.name,
                    format!("its license `{license}` is not accepted"),
                    "replace the package, or accept the license with a decision record in docs/adr",
                )
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(license: Option<&str>) -> Vec<Violation> {
        check(&[Licensed { name: "some-package 1.0.0".into(), license: license.map(Into::into) }])
    }

    #[test]
    fn accepted_licenses_pass_in_every_spelling() {
        for license in ACCEPTED {
            assert_eq!(judged(Some(license)), [], "{license}");
        }
        for license in [
            "MIT/Apache-2.0",
            "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0-only",
            "(MIT OR GPL-2.0-only) AND Unicode-3.0",
        ] {
            assert_eq!(judged(Some(license)), [], "{license}");
        }
    }

    #[test]
    fn a_license_that_is_not_accepted_is_red() {
        for license in
            ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "MPL-2.0", "GPL-2.0-only WITH LLVM-exception"]
        {
            let violations = judged(Some(license));
            assert_eq!(violations.len(), 1, "{license}");
            assert!(violations[0].to_string().contains(license), "{}", violations[0]);
        }
    }

    #[test]
    fn no_license_and_a_license_that_nobody_knows_are_red() {
        for license in [None, Some(""), Some("Proprietary"), Some("MIT OR")] {
            assert_eq!(judged(license).len(), 1, "{license:?}");
        }
    }

    #[test]
    fn a_list_of_nothing_is_red() {
        assert_eq!(check(&[]).len(), 1);
    }
}
