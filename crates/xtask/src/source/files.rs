//! The files of the workspace that a gate reads.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::error::TaskError;

/// A text file.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    /// From the root of the workspace, with `/` on every platform.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Reads the files below `root` whose path (from the root, with `/`) is wanted, sorted by path.
///
/// Folders of git and of cargo's build output are left out, wherever they stand. A file that cannot be read is an
/// error: a gate that skipped it would pass without having seen it.
pub(crate) fn gather(root: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<SourceFile>, TaskError> {
    let mut files = Vec::new();
    let mut ahead = vec![root.to_owned()];
    while let Some(folder) = ahead.pop() {
        let not_listed = |source| TaskError::File { path: folder.clone(), done: "listed", source };
        for entry in fs::read_dir(&folder).map_err(not_listed)? {
            let entry = entry.map_err(not_listed)?;
            let path = entry.path();
            if entry.file_type().map_err(not_listed)?.is_dir() {
                if !is_left_out(&path) {
                    ahead.push(path);
                }
                continue;
            }
            let name = with_slashes(path.strip_prefix(root).unwrap_or(&path));
            if is_wanted(&name) {
                files.push(read(path, name)?);
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

fn read(file: PathBuf, path: String) -> Result<SourceFile, TaskError> {
    match fs::read_to_string(&file) {
        Ok(text) => Ok(SourceFile { path, text }),
        Err(source) => Err(TaskError::File { path: file, done: "read", source }),
    }
}

fn is_left_out(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name == "target" || name == ".git")
}

/// A relative path as it is written in reports.
pub(crate) fn with_slashes(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    #[test]
    fn this_file_is_found_and_build_output_is_not() {
        let files = gather(Workspace::find().unwrap().root(), |path| path.ends_with(".rs")).unwrap();
        let this = files.iter().find(|file| file.path == "crates/xtask/src/source/files.rs").unwrap();
        assert!(this.text.starts_with("//! The files of the workspace"));
        assert!(files.iter().all(|file| !file.path.split('/').any(|part| part == "target")));
    }

    #[test]
    fn a_folder_that_cannot_be_listed_is_an_error() {
        assert!(matches!(gather(Path::new("no/such/folder"), |_| true), Err(TaskError::File { .. })));
    }

    #[test]
    fn a_file_that_is_not_text_is_an_error() {
        let folder = std::env::temp_dir().join(format!("xtask-files-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("bytes.rs"), [0xff, 0xfe]).unwrap();
        let read = gather(&folder, |_| true);
        fs::remove_dir_all(&folder).unwrap();
        assert!(matches!(read, Err(TaskError::File { done: "read", .. })));
    }
}
