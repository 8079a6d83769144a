//! The workspace, and what cargo knows about it.

use std::{
    env,
    path::{Path, PathBuf},
};

use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, Package};

use crate::{
    cargo::{Cargo, Program},
    error::TaskError,
};

pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the workspace that this program was started from. `cargo run` names it in the environment; a path
    /// compiled into the program could belong to another checkout.
    pub(crate) fn find() -> Result<Self, TaskError> {
        let own = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).ok_or(TaskError::NoWorkspace)?;
        let root = own.ancestors().nth(2).ok_or(TaskError::NoWorkspace)?;
        Ok(Self { root: root.to_owned() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn cargo(&self) -> Cargo<'_> {
        Cargo::new(&self.root, Program::Cargo)
    }

    /// The cargo of the nightly toolchain.
    pub(crate) fn nightly(&self) -> Cargo<'_> {
        Cargo::new(&self.root, Program::Nightly)
    }

    pub(crate) fn rustup(&self) -> Cargo<'_> {
        Cargo::new(&self.root, Program::Rustup)
    }

    /// Returns the names of our crates that are published.
    pub(crate) fn published(&self) -> Result<Vec<String>, TaskError> {
        let crates = self.crates()?;
        let published = crates.iter().filter(|package| is_published(package));
        Ok(published.map(|package| package.name.to_string()).collect())
    }

    /// Returns the arguments that exclude our unpublished crates from a call for the whole workspace.
    pub(crate) fn exclude_unpublished(&self) -> Result<Vec<String>, TaskError> {
        let crates = self.crates()?;
        let others = crates.iter().filter(|package| !is_published(package));
        Ok(others.flat_map(|package| ["--exclude".to_owned(), package.name.to_string()]).collect())
    }

    /// Returns our crates. Needs no network.
    pub(crate) fn crates(&self) -> Result<Vec<Package>, TaskError> {
        let metadata = self.command().no_deps().exec()?;
        Ok(metadata.workspace_packages().into_iter().cloned().collect())
    }

    /// Returns every package of the graph, for all platforms and with all features of our crates. Cargo fetches
    /// packages that are missing.
    pub(crate) fn graph(&self) -> Result<Metadata, TaskError> {
        Ok(self.command().features(CargoOpt::AllFeatures).exec()?)
    }

    fn command(&self) -> MetadataCommand {
        let mut command = MetadataCommand::new();
        command.manifest_path(self.root.join("Cargo.toml")).current_dir(&self.root);
        command
    }
}

/// `publish = false` is an empty list of registries.
pub(crate) fn is_published(package: &Package) -> bool {
    package.publish.as_ref().is_none_or(|registries| !registries.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_the_one_that_holds_this_file() {
        let workspace = Workspace::find().unwrap();
        assert!(workspace.root().join("crates/xtask/src/workspace.rs").is_file());
        assert!(workspace.crates().unwrap().iter().any(|package| package.name.as_str() == "mdm-vpp-core"));
    }
}
