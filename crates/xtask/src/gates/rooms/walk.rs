//! Where the source files are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::rules::{Room, check};
use crate::{report::Report, trouble::Trouble, workspace::Workspace};

/// Checks every source file of the workspace.
pub(crate) fn run(workspace: &Workspace) -> Result<Report, Trouble> {
    let crates = workspace.crates()?;
    let manifests = crates.iter().filter_map(|package| {
        package.manifest_path.as_std_path().parent()?.strip_prefix(workspace.root()).ok().map(with_slashes)
    });
    // The root package has its source among the crates.
    let folders: Vec<_> = manifests.filter(|folder| !folder.is_empty()).map(|folder| folder + "/").collect();
    let rooms = gather(workspace.root())?;
    Ok(Report::new(
        format!("{} source files in {} crates", rooms.len(), folders.len()),
        check(&rooms, &folders),
    ))
}

fn gather(root: &Path) -> Result<Vec<Room>, Trouble> {
    let mut rooms = Vec::new();
    let mut ahead = vec![root.to_owned()];
    while let Some(folder) = ahead.pop() {
        let trouble = |source| Trouble::File { path: folder.clone(), done: "listed", source };
        for entry in fs::read_dir(&folder).map_err(trouble)? {
            let entry = entry.map_err(trouble)?;
            let path = entry.path();
            if entry.file_type().map_err(trouble)?.is_dir() {
                if !is_passed_over(&path) {
                    ahead.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                rooms.push(read(root, path)?);
            }
        }
    }
    rooms.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(rooms)
}

fn read(root: &Path, path: PathBuf) -> Result<Room, Trouble> {
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Room { path: with_slashes(path.strip_prefix(root).unwrap_or(&path)), text }),
        Err(source) => Err(Trouble::File { path, done: "read", source }),
    }
}

/// What cargo built, and what is hidden.
fn is_passed_over(folder: &Path) -> bool {
    folder
        .file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name == "target" || name.starts_with('.'))
}

fn with_slashes(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_finds_this_file_and_nothing_that_was_built() {
        let rooms = gather(Workspace::find().unwrap().root()).unwrap();
        let this = rooms.iter().find(|room| room.path == "crates/xtask/src/gates/rooms/walk.rs").unwrap();
        assert!(this.text.starts_with("//! Where the source files are."));
        assert!(rooms.iter().all(|room| !room.path.starts_with("target/")));
    }
}
