//! The dependency rules, as a table: a crate of ours names only those that its rule allows, in normal, build and dev
//! dependencies alike.

use super::facts::Crate;
use crate::report::Violation;

/// Which of our crates a crate may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    /// Only these.
    Only(&'static [&'static str]),
    /// All but these.
    AllBut(&'static [&'static str]),
}

pub(super) const CORE: &str = "mdm-vpp-core";
pub(super) const PORTS: &str = "mdm-vpp-ports";
pub(super) const SIMULATOR: &str = "mdm-vpp-simulator";

pub(super) const SERVER_FOR_TESTS: &str = "postgres-for-tests";

/// Each crate of ours, which of the others it may name, and whether it must exist.
const RULES: &[(&str, May, bool)] = &[
    (CORE, May::Only(&[]), true),
    (PORTS, May::Only(&[CORE]), true),
    ("mdm-vpp-adapters", May::Only(&[CORE, PORTS]), true),
    ("mdm-vpp-store", May::Only(&[CORE, PORTS, SERVER_FOR_TESTS]), true),
    ("mdm-vpp-engine", May::Only(&[CORE, PORTS]), true),
    (SIMULATOR, May::Only(&[CORE, PORTS]), true),
    ("mdm-vpp", May::AllBut(&["xtask"]), true),
    ("mdm-vpp-world", May::AllBut(&["xtask"]), false),
    (SERVER_FOR_TESTS, May::Only(&[]), true),
    ("xtask", May::Only(&[CORE, SERVER_FOR_TESTS]), true),
];

impl May {
    /// The rule of a crate, if there is one.
    pub(super) fn of(name: &str) -> Option<Self> {
        RULES.iter().find(|(known, _, _)| *known == name).map(|(_, may, _)| *may)
    }

    pub(super) fn name(self, other: &str) -> bool {
        match self {
            Self::Only(these) => these.contains(&other),
            Self::AllBut(these) => !these.contains(&other),
        }
    }

    /// Says what is allowed.
    pub(super) fn in_words(self) -> String {
        match self {
            Self::Only([]) => "it may name none of ours".into(),
            Self::Only(these) => format!("of ours it may name only {}", these.join(", ")),
            Self::AllBut(these) => format!("of ours it may name all but {}", these.join(", ")),
        }
    }
}

/// The crates that must be in the workspace.
pub(super) fn expected() -> impl Iterator<Item = &'static str> {
    RULES.iter().filter(|(_, _, expected)| *expected).map(|(name, _, _)| *name)
}

/// Whether a package is one of ours by its name.
pub(super) fn is_ours(name: &str) -> bool {
    May::of(name).is_some() || name.starts_with("mdm-vpp")
}

pub(super) fn check(crates: &[Crate]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for name in expected().filter(|name| !crates.iter().any(|one| one.name == *name)) {
        violations.push(Violation::new(
            name,
            "is not in the workspace",
            "correct the table in crates/xtask/src/gates/deps/rules.rs",
        ));
    }
    for one in crates {
        match May::of(&one.name) {
            Some(may) => violations.extend(check_crate(one, may, crates)),
            None => violations.push(Violation::new(
                &one.name,
                "has no dependency rule",
                "add one to crates/xtask/src/gates/deps/rules.rs",
            )),
        }
    }
    violations
}

fn check_crate(one: &Crate, may: May, crates: &[Crate]) -> Vec<Violation> {
    let is_member = |name: &str| crates.iter().any(|member| member.name == name);
    one.dependencies
        .iter()
        .filter(|named| is_ours(&named.name) || is_member(&named.name))
        // A crate that names itself switches on features of its own for its tests.
        .filter(|named| named.name != one.name && !may.name(&named.name))
        .map(|named| {
            Violation::new(
                &one.name,
                format!("names `{}` ({} dependency), but {}", named.name, named.kind, may.in_words()),
                "put the code behind a port, or the test into the root `tests/`",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gates::deps::facts::Named;

    fn one(name: &str, dependencies: &[(&str, &str)]) -> Crate {
        let named = |(name, kind): &(&str, &str)| Named {
            name: (*name).into(),
            kind: (*kind).into(),
            optional: false,
        };
        Crate {
            name: name.into(),
            dependencies: dependencies.iter().map(named).collect(),
            ..Crate::default()
        }
    }

    /// The workspace as it should be.
    fn sound() -> Vec<Crate> {
        vec![
            one("mdm-vpp-core", &[("serde", "normal")]),
            one("mdm-vpp-ports", &[("mdm-vpp-core", "normal")]),
            one("mdm-vpp-adapters", &[("mdm-vpp-core", "normal"), ("mdm-vpp-ports", "dev")]),
            one("mdm-vpp-store", &[("mdm-vpp-ports", "normal")]),
            one("mdm-vpp-engine", &[("mdm-vpp-core", "normal"), ("mdm-vpp-ports", "normal")]),
            one("mdm-vpp-simulator", &[]),
            one("mdm-vpp", &[("mdm-vpp-engine", "normal"), ("mdm-vpp", "dev")]),
            one("postgres-for-tests", &[]),
            one("xtask", &[("mdm-vpp-core", "normal"), ("postgres-for-tests", "normal")]),
        ]
    }

    fn places(violations: &[Violation]) -> Vec<&str> {
        violations.iter().map(|violation| violation.place.as_str()).collect()
    }

    #[test]
    fn a_sound_workspace_passes() {
        assert_eq!(check(&sound()), []);
    }

    #[test]
    fn a_forbidden_name_is_red_in_every_kind_of_dependency() {
        for (name, other) in [
            ("mdm-vpp-core", "mdm-vpp-ports"),
            ("mdm-vpp-ports", "mdm-vpp-store"),
            ("mdm-vpp-adapters", "mdm-vpp-engine"),
            ("mdm-vpp-engine", "mdm-vpp-simulator"),
            ("mdm-vpp-store", "mdm-vpp-adapters"),
            ("mdm-vpp-simulator", "mdm-vpp"),
            ("mdm-vpp", "xtask"),
            ("xtask", "mdm-vpp-ports"),
            ("mdm-vpp-core", "mdm-vpp-elsewhere"),
        ] {
            for kind in ["normal", "dev", "build"] {
                let mut crates = sound();
                let planted = crates.iter_mut().find(|one| one.name == name).unwrap();
                planted.dependencies.extend(one(name, &[(other, kind)]).dependencies);
                let violations = check(&crates);
                assert_eq!(places(&violations), [name], "{name} names {other} ({kind})");
                assert!(violations[0].what.contains(other) && violations[0].what.contains(kind));
            }
        }
    }

    #[test]
    fn a_crate_without_a_rule_is_red_and_so_is_naming_it() {
        let mut crates = sound();
        crates.push(one("helper-crate", &[]));
        crates[0].dependencies.extend(one("", &[("helper-crate", "normal")]).dependencies);
        assert_eq!(places(&check(&crates)), ["mdm-vpp-core", "helper-crate"]);
    }

    #[test]
    fn a_known_crate_that_is_missing_is_red() {
        let mut crates = sound();
        crates.retain(|one| one.name != "mdm-vpp-store");
        assert_eq!(places(&check(&crates)), ["mdm-vpp-store"]);
        assert!(!check(&[]).is_empty(), "a workspace that could not be read");
    }
}
