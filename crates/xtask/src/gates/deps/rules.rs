//! The dependency rules, as a table.

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

/// Each crate of ours, what it may name, and whether it has to be there already.
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

    /// What is allowed, in words.
    pub(super) fn in_words(self) -> String {
        match self {
            Self::Only([]) => "it may name none of ours".into(),
            Self::Only(these) => format!("of ours it may name only {}", these.join(", ")),
            Self::AllBut(these) => format!("of ours it may name all but {}", these.join(", ")),
        }
    }
}

/// The crates that have to be in the workspace.
pub(super) fn expected() -> impl Iterator<Item = &'static str> {
    RULES.iter().filter(|(_, _, expected)| *expected).map(|(name, _, _)| *name)
}

/// Whether a package is one of ours by its name.
pub(super) fn is_ours(name: &str) -> bool {
    May::of(name).is_some() || name.starts_with("mdm-vpp")
}
