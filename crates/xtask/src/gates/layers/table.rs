//! The order of the folders of each crate: the one place to edit when a folder comes, goes or moves.
//!
//! A folder imports from folders named before it only. An entry is a folder or a file directly under `src`, without
//! `.rs`; a folder inside a folder is listed as `outer/inner`, and then everything in `outer` has to be listed so.
//! `lib.rs`, `main.rs` and `src/bin` are the top and may import everything.

/// Folders that stand on one floor.
#[derive(Debug, Clone, Copy)]
pub(super) enum Floor {
    /// Each may import from those before it.
    Ordered(&'static [&'static str]),
    /// None may import from another one on this floor.
    Apart(&'static [&'static str]),
    /// The top beside `lib.rs`: may import everything, also what the root shows.
    Top(&'static [&'static str]),
}

use Floor::{Apart, Ordered, Top};

/// A crate with an order of folders.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layered {
    /// The folder of its manifest, from the root of the workspace.
    pub(super) folder: &'static str,
    /// The name by which its code may call itself.
    pub(super) library: &'static str,
    /// From the lowest floor to the highest.
    pub(super) floors: &'static [Floor],
}

/// The crates that are checked.
pub(super) const CRATES: &[Layered] = &[
    Layered { folder: "crates/core", library: "mdm_vpp_core", floors: CORE },
    Layered { folder: "crates/engine", library: "mdm_vpp_engine", floors: ENGINE },
    Layered { folder: "crates/simulator", library: "mdm_vpp_simulator", floors: SIMULATOR },
];

const CORE: &[Floor] = &[
    Ordered(&["printable", "strict", "id", "testing", "audience", "apple_error"]),
    Ordered(&["token", "catalog", "seats", "location"]),
    Ordered(&["policy", "plan", "installs"]),
    Ordered(&["transaction"]),
    Apart(&["decide/token", "decide/catalog", "decide/assignments"]),
    Ordered(&["check"]),
    Top(&["shape_tests"]),
];

const ENGINE: &[Floor] = &[Ordered(&["context", "sessions", "reconcile", "worker", "notifications", "api"])];

const SIMULATOR: &[Floor] = &[
    Ordered(&["apple", "wire", "settings"]),
    Ordered(&["model", "service", "demonstration"]),
    Ordered(&["endpoints", "simulator", "portal"]),
    Ordered(&["http", "tester", "fake"]),
    Top(&["coverage", "program"]),
];

impl Floor {
    pub(super) const fn entries(self) -> &'static [&'static str] {
        match self {
            Self::Ordered(entries) | Self::Apart(entries) | Self::Top(entries) => entries,
        }
    }

    pub(super) const fn is_top(self) -> bool {
        matches!(self, Self::Top(_))
    }

    pub(super) const fn is_apart(self) -> bool {
        matches!(self, Self::Apart(_))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_folder_is_listed_twice_and_none_inside_a_listed_one() {
        for layered in CRATES {
            let entries: Vec<_> = layered.floors.iter().flat_map(|floor| floor.entries()).collect();
            let distinct: BTreeSet<_> = entries.iter().collect();
            assert_eq!(distinct.len(), entries.len(), "{}", layered.folder);
            for entry in &entries {
                let outer = entry.split_once('/').map(|(outer, _)| outer);
                assert!(outer.is_none_or(|outer| !entries.contains(&&outer)), "{entry}");
            }
        }
    }
}
